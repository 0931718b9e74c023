# What nlme says of the invented interrupted series: generalised least squares, AR(1), REML.
# Rscript tests/oracles/series.R   writes series.json beside itself.
suppressPackageStartupMessages(library(nlme))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sets <- read.csv(file.path(here, "series.csv"))
sets$since <- sets$time - ave(ifelse(sets$after == 1, sets$time, Inf), sets$series, FUN = min)
sets$since <- ifelse(sets$after == 1, sets$since, 0)
tight <- glsControl(tolerance = 1e-14, maxIter = 500, msMaxIter = 1000, opt = "nlminb")
model <- minutes ~ time + after + since

answers <- list()
ask <- function(name, d, variance = NULL) {
  fit <- gls(model, d, correlation = corAR1(form = ~time), weights = variance,
             method = "REML", control = tight)
  d$share <- if (is.null(variance)) 1 else d$tasks
  plain <- lm(model, d, weights = share)
  contrast <- c(0, 0, 1, mean(d$since[d$after == 1]))
  row <- function(prefix, b, v) setNames(
    c(b[["after"]], sqrt(v["after", "after"]), b[["since"]], sqrt(v["since", "since"]),
      sum(contrast * b), sqrt(drop(t(contrast) %*% v %*% contrast))),
    paste0(prefix, c("level", "level_se", "slope", "slope_se", "average", "average_se")))
  answers[[name]] <<- c(
    rho = unname(coef(fit$modelStruct$corStruct, unconstrained = FALSE)),
    row("", coef(fit), vcov(fit)), row("plain_", coef(plain), vcov(plain)),
    level_p = summary(fit)$tTable["after", "p-value"],
    slope_p = summary(fit)$tTable["since", "p-value"])
}
for (name in unique(sets$series)) ask(name, sets[sets$series == name, ])
ask("weighted", transform(sets[sets$series == "gaps", ], v = 1 / tasks), varFixed(~v))

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "series.json"))
