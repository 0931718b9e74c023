# Brunner & Munzel's test and the t-test on people's own shares, from their definitions in base R.
# Rscript tests/oracles/ranks.R   writes ranks.json beside itself.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

# ranks among all less ranks within the group, as in Brunner & Munzel 2000 (not placements)
brunner_munzel <- function(x, y, level = 0.95) {
  n <- length(x); m <- length(y)
  all <- rank(c(x, y)); rx <- all[1:n]; ry <- all[n + 1:m]
  dx <- rx - rank(x) - mean(rx) + (n + 1) / 2
  dy <- ry - rank(y) - mean(ry) + (m + 1) / 2
  vx <- sum(dx^2) / (n - 1); vy <- sum(dy^2) / (m - 1)
  t <- n * m * (mean(ry) - mean(rx)) / (n + m) / sqrt(n * vx + m * vy)
  df <- (n * vx + m * vy)^2 / ((n * vx)^2 / (n - 1) + (m * vy)^2 / (m - 1))
  p <- (mean(ry) - (m + 1) / 2) / n
  se <- sqrt(vx / (n * m^2) + vy / (m * n^2))
  reach <- qt(1 - (1 - level) / 2, df) * se
  c(estimate = p, se = se, df = df, p_value = 2 * pt(-abs(t), df), low = p - reach, high = p + reach)
}

answers <- list()
one <- sheet("one_task_each")
for (outcome in c("minutes", "right", "score", "approved")) {
  answers[[paste0("between.", outcome)]] <-
    brunner_munzel(one[[outcome]][one$arm == 0], one[[outcome]][one$arm == 1])
}
person <- aggregate(score ~ participant + arm, sheet("parallel"), mean)
answers[["between.units"]] <-
  brunner_munzel(person$score[person$arm == 0], person$score[person$arm == 1], 0.9)

within <- sheet("within")
for (outcome in c("minutes", "right", "score", "approved")) {
  shares <- unlist(lapply(split(within, within$participant), function(d) {
    zero <- d[[outcome]][d$arm == 0]; one <- d[[outcome]][d$arm == 1]
    if (length(zero) && length(one))
      mean(outer(zero, one, "<") + outer(zero, one, "==") / 2)
  }))
  t <- t.test(shares, mu = 0.5)
  answers[[paste0("within.", outcome)]] <- c(
    estimate = mean(shares), se = t$stderr, df = unname(t$parameter), p_value = t$p.value,
    low = t$conf.int[1], high = t$conf.int[2])
}

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "ranks.json"))
