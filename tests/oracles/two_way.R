# What R's sandwich says of errors clustered by two things at once: vcovCL(fit, ~ a + b), HC1.
# Rscript tests/oracles/two_way.R   writes two_way.json beside itself.
suppressWarnings(suppressMessages(library(sandwich)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
d <- read.csv(file.path(here, "two_way.csv"))

answers <- list()
ask <- function(name, formula) {
  fit <- lm(formula, data = d)
  one <- function(by) vcovCL(fit, by)["arm", "arm"]
  answers[[name]] <<- c(
    estimate = unname(coef(fit)["arm"]), variance = one(~ participant + question),
    participant = one(~ participant), question = one(~ question))
}
ask("pooled", score ~ arm)
ask("length", score ~ log(length) + arm)
ask("absorbed", score ~ 0 + participant + log(length) + arm)
ask("even", even ~ arm)

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "two_way.json"))
