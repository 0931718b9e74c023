# What R says of arms that were not kept to: AER's ivreg with clubSandwich's CR2, and the ends of
# the Anderson-Rubin set as the shifts at which coef_test gives exactly p = 0.05.
# Rscript tests/oracles/instrument.R   writes instrument.json beside itself.
suppressWarnings(suppressMessages({library(AER); library(clubSandwich)}))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
d <- read.csv(file.path(here, "instrument.csv"))
d$log_words <- log(d$words)
d$third <- as.numeric(d$team == "t03")        # one team's own level: CR2 needs a generalised root
d$pushed <- d$minutes_own * exp(d$own)        # an effect that a weak instrument cannot explain

answers <- list()
tested <- function(fit, column) {
  row <- suppressWarnings(coef_test(fit, vcov = "CR2", cluster = d$team, test = "Satterthwaite"))
  row[row$Coef == column, ]
}
ask <- function(name, y, nuisance, realised, assigned) {
  d$y <- log(d[[y]])
  of <- function(column) reformulate(c(nuisance, column))
  row <- tested(ivreg(update(of(realised), y ~ .), instruments = of(assigned), data = d), realised)
  first <- tested(lm(update(of(assigned), as.formula(paste(realised, "~ ."))), data = d), assigned)
  answers[[name]] <<- c(
    estimate = row$beta, se = row$SE, df = row$df, p_value = row$p_Satt, first = first$tstat)
}
# t^2 less its limit as a function of the shift b: zero where p = 1 - level
ends <- function(name, y, nuisance, realised, assigned, brackets, level = 0.95) {
  excess <- function(b) {
    d$shifted <- log(d[[y]]) - b * d[[realised]]
    row <- tested(lm(update(reformulate(c(nuisance, assigned)), shifted ~ .), data = d), assigned)
    row$tstat^2 / qt((1 - level) / 2, row$df)^2 - 1
  }
  found <- vapply(brackets, function(b) uniroot(excess, b, tol = 1e-14)$root, 0)
  answers[[name]] <<- c(low = found[1], high = found[2], inside = excess(mean(found)))
}
ask("team", "minutes", "1", "used", "arm")
ask("words", "minutes", "log_words", "used", "arm")
ask("absorbed", "minutes_own", c("0", "team", "log_words"), "used_own", "own")
ask("third", "minutes_own", c("log_words", "third"), "used_own", "own")
ask("weak", "minutes_own", c("0", "team"), "weak", "own")

ends("set.words", "minutes", "log_words", "used", "arm", list(c(-3, -0.3), c(-0.3, 2)))
ends("set.absorbed", "minutes_own", c("0", "team", "log_words"), "used_own", "own",
     list(c(-3, -0.3), c(-0.3, 2)))
ends("set.rays", "pushed", c("0", "team"), "weak", "own", list(c(-60, -0.1), c(0.1, 60)))
ends("set.weak", "minutes_own", c("0", "team"), "weak", "own", list(c(-60, -1), c(-1, 60)), 0.8)

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "instrument.json"))
