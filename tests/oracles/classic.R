# What base R says of the invented sets: t.test, binom.test, aov.
# Rscript tests/oracles/classic.R   writes classic.json beside itself.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))
one <- sheet("one_task_each"); cluster <- sheet("cluster"); parallel <- sheet("parallel")

answers <- list()
ask_t <- function(name, treatment, baseline, ...) {
  t <- t.test(treatment, baseline, ...)
  answers[[name]] <<- c(
    estimate = mean(treatment) - mean(baseline), se = t$stderr, df = unname(t$parameter),
    p_value = t$p.value, low = t$conf.int[1], high = t$conf.int[2])
}
in_arm <- function(y, d, arm) y[d$arm == arm]
ask_t("welch.ratio", in_arm(log(one$minutes), one, 1), in_arm(log(one$minutes), one, 0))
ask_t("welch.difference", in_arm(one$minutes, one, 1), in_arm(one$minutes, one, 0))
ask_t("welch.approved", in_arm(one$approved, one, 1), in_arm(one$approved, one, 0))
ask_t("welch.90", in_arm(one$minutes, one, 1), in_arm(one$minutes, one, 0), conf.level = 0.90)
person <- aggregate(minutes ~ participant + arm, parallel, mean)
ask_t("welch.units", person$minutes[person$arm == 1], person$minutes[person$arm == 0])

# Student's t from the far tail and at odd degrees of freedom
for (df in c(1.3, 4.0001, 12.10877269)) {
  answers[[sprintf("student.%s", df)]] <- c(
    p_value = 2 * pt(-2.5, df), tail = 2 * pt(-60, df), quantile = -qt(0.025, df))
}

for (case in list(c(8, 10, 0.5), c(120, 159, 0.5), c(3, 40, 0.25), c(0, 7, 0.5), c(7, 20, 1 / 3))) {
  answers[[sprintf("binomial.%g.%g.%.3f", case[1], case[2], case[3])]] <-
    c(p_value = binom.test(case[1], case[2], case[3])$p.value)
}

# the analysis-of-variance intraclass correlation, teams nested in arms
icc <- function(y, d) {
  table <- summary(aov(y ~ factor(arm) / team, data = d))[[1]]
  m <- aggregate(y, by = list(team = d$team, arm = d$arm), FUN = length)
  n <- ave(m$x, m$arm, FUN = sum)
  m0 <- (sum(m$x) - sum(m$x^2 / n)) / (nrow(m) - 2)
  between <- table[2, "Mean Sq"]; inside <- table[3, "Mean Sq"]
  c(icc = (between - inside) / (between + (m0 - 1) * inside))
}
answers[["icc.cluster.ratio"]] <- icc(log(cluster$minutes), cluster)
answers[["icc.cluster.difference"]] <- icc(cluster$minutes, cluster)

within <- sheet("within")
b <- coef(lm(log(minutes) ~ 0 + participant + arm, within))["arm"]
squares <- summary(aov(log(minutes) - b * arm ~ participant, within))[[1]][, "Mean Sq"]
n <- table(within$participant)
n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
answers[["icc.within.ratio"]] <-
  c(icc = (squares[1] - squares[2]) / (squares[1] + (n0 - 1) * squares[2]))

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "classic.json"))
