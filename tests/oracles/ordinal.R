# Proportional odds of the invented ratings: ordinal::clm and, with clusters, sandwich::vcovCL.
# Rscript tests/oracles/ordinal.R   writes ordinal.json beside itself.
suppressWarnings(suppressMessages({library(ordinal); library(sandwich)}))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

answers <- list()
ask <- function(name, formula, data, cluster) {
  data$rating <- factor(round(data$score)); data$passed <- factor(data$approved)
  fit <- clm(formula, data = data, control = clm.control(gradTol = 1e-13, maxIter = 200L))
  robust <- vcovCL(fit, cluster = data[[cluster]], type = "HC0", cadjust = TRUE)
  answers[[name]] <<- c(
    estimate = unname(coef(fit)["arm"]), model_se = sqrt(vcov(fit)["arm", "arm"]),
    se = sqrt(robust["arm", "arm"]), df = length(unique(data[[cluster]])) - 1)
}
within <- sheet("within"); cluster <- sheet("cluster"); parallel <- sheet("parallel")
ask("within", rating ~ arm, within, "participant")
ask("parallel", rating ~ arm, parallel, "participant")
ask("cluster", rating ~ arm, cluster, "team")
ask("cluster.words", rating ~ log(words) + arm, cluster, "team")
ask("cluster.right", factor(right) ~ log(words) + arm, cluster, "team")
ask("cluster.passed", passed ~ arm, cluster, "team")

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "ordinal.json"))
