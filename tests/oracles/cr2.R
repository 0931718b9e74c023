# What R's clubSandwich says of the invented sets: CR2 with Satterthwaite degrees of freedom.
# Rscript tests/oracles/cr2.R   writes cr2.json beside itself.
suppressWarnings(suppressMessages(library(clubSandwich)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

within <- sheet("within"); parallel <- sheet("parallel"); one <- sheet("one_task_each")
cluster <- sheet("cluster"); lone <- sheet("lone_team")

# a ratio of sums by arm, linearised: z = (e - R x) / mean(x) + R
ratio <- function(e, x, arm) {
  z <- numeric(length(e))
  for (a in unique(arm)) {
    i <- arm == a
    r <- sum(e[i]) / sum(x[i])
    z[i] <- (e[i] - r * x[i]) / mean(x[i]) + r
  }
  z
}

# every unit once in each arm: means of its tasks
units <- function(d, unit) {
  d$log_minutes <- log(d$minutes); d$log_words <- log(d$words)
  means <- aggregate(d[c("minutes", "log_minutes", "log_words")],
                     by = list(unit = d[[unit]], arm = d$arm), FUN = mean)
  sums <- aggregate(d[c("errors", "words")], by = list(unit = d[[unit]], arm = d$arm), FUN = sum)
  means$rate <- 1000 * sums$errors / sums$words
  means
}

answers <- list()
ask <- function(name, formula, data, cluster, column = "arm") {
  fit <- lm(formula, data = data)
  row <- suppressWarnings(
    coef_test(fit, vcov = "CR2", cluster = data[[cluster]], test = "Satterthwaite"))
  row <- row[row$Coef == column, ]
  answers[[name]] <<- c(estimate = row$beta, se = row$SE, df = row$df, p_value = row$p_Satt)
}

p <- "participant"
ask("within.minutes.ratio", log(minutes) ~ 0 + participant + log(words) + arm, within, p)
ask("within.minutes.difference", minutes ~ 0 + participant + log(words) + arm, within, p)
ask("within.kind.ratio", log(minutes) ~ 0 + participant + kind + words + arm, within, p)
ask("within.plain.ratio", log(minutes) ~ 0 + participant + arm, within, p)
ask("within.redundant.ratio", log(minutes) ~ 0 + participant + words + twice + arm, within, p)
ask("within.pooled.ratio", log(minutes) ~ log(words) + arm, within, p)
ask("within.approved.difference", approved ~ 0 + participant + log(words) + arm, within, p)
within$z <- 1000 * ratio(within$errors, within$words, within$arm)
ask("within.errors.difference", z ~ 0 + participant + arm, within, p)
ask("within.units.ratio", log_minutes ~ 0 + unit + log_words + arm, units(within, p), "unit")

ask("parallel.minutes.ratio", log(minutes) ~ arm, parallel, p)
ask("parallel.words.ratio", log(minutes) ~ log(words) + arm, parallel, p)
ask("parallel.words.difference", minutes ~ log(words) + arm, parallel, p)
ask("parallel.approved.difference", approved ~ arm, parallel, p)
parallel$z <- ratio(parallel$right, parallel$answers, parallel$arm)
ask("parallel.right.difference", z ~ arm, parallel, p)
parallel$z <- 1000 * ratio(parallel$errors, parallel$words, parallel$arm)
ask("parallel.errors.difference", z ~ arm, parallel, p)
ask("parallel.score.difference", score ~ arm, parallel, p)
ask("parallel.units.difference", minutes ~ arm, units(parallel, p), "unit")
ask("parallel.units.rate", rate ~ arm, units(parallel, p), "unit")

ask("one_task_each.minutes.ratio", log(minutes) ~ arm, one, p)
ask("one_task_each.words.ratio", log(minutes) ~ log(words) + arm, one, p)

ask("cluster.minutes.ratio", log(minutes) ~ arm, cluster, "team")
ask("cluster.words.ratio", log(minutes) ~ log(words) + arm, cluster, "team")
ask("cluster.words.difference", minutes ~ log(words) + arm, cluster, "team")
ask("cluster.units.difference", minutes ~ arm, units(cluster, "team"), "unit")

ask("lone_team.words.arm", log(minutes) ~ log(words) + arm, lone, "team")
ask("lone_team.words.words", log(minutes) ~ log(words) + arm, lone, "team", "log(words)")

# designs that come later, held here because the engine must not change for them
rollout <- sheet("rollout")
ask("rollout.ratio", log(minutes) ~ 0 + team + factor(period) + arm, rollout, "team")
ask("rollout.lone.ratio", log(minutes) ~ 0 + team + factor(period) + lone, rollout, "team", "lone")

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "cr2.json"))
