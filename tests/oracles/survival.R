# What survival says of the invented unfinished tasks: restricted means, whole and without a team.
# Rscript tests/oracles/survival.R   writes survival.json beside itself.
suppressPackageStartupMessages(library(survival))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sets <- read.csv(file.path(here, "survival.csv"))
restricted <- function(d, cap) {
  table <- summary(survfit(Surv(minutes, finished) ~ 1, data = d), rmean = cap)$table
  unname(table[c("rmean", "se(rmean)")])
}
difference <- function(d, cap)
  restricted(d[d$arm == 1, ], cap)[1] - restricted(d[d$arm == 0, ], cap)[1]

answers <- list()
for (name in c("nested", "crossed")) for (cap in c(20, 45.5, 60)) {
  d <- sets[sets$set == name, ]
  for (arm in 0:1) {
    found <- restricted(d[d$arm == arm, ], cap)
    answers[[sprintf("%s.%g.arm%d", name, cap, arm)]] <- c(mean = found[1], se = found[2])
  }
  teams <- unique(d$team)
  without <- vapply(teams, function(team) difference(d[d$team != team, ], cap), 0)
  arm_of <- vapply(teams, function(team) d$arm[d$team == team][1], 0L)
  squares <- function(x) (length(x) - 1) / length(x) * sum((x - mean(x))^2)
  if (name == "nested") {
    v <- c(squares(without[arm_of == 0]), squares(without[arm_of == 1]))
    df <- sum(v)^2 / sum(v^2 / (table(arm_of) - 1))
  } else {
    v <- squares(without)
    df <- length(teams) - 1
  }
  answers[[sprintf("%s.%g.difference", name, cap)]] <-
    c(estimate = difference(d, cap), se = sqrt(sum(v)), df = df)
}

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "survival.json"))
