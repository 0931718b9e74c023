# What metafor says of invented trials, and of its own thirteen trials of the BCG vaccine.
# Rscript tests/oracles/pooling.R   writes pooling.json beside itself.
suppressPackageStartupMessages(library(metafor))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sets <- read.csv(file.path(here, "pooling.csv"))
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
sets <- rbind(sets, data.frame(set = "bcg", effect = as.numeric(bcg$yi), error = sqrt(bcg$vi)))
tight <- list(threshold = 1e-14, maxiter = 1e4)

answers <- list()
fit <- function(d, test, level = 95)
  rma(d$effect, sei = d$error, method = "REML", test = test, control = tight, level = level)
average <- function(r) {
  ahead <- predict(r)
  c(estimate = r$beta[1], se = r$se, p = r$pval, low = r$ci.lb, high = r$ci.ub,
    ahead_low = ahead$pi.lb, ahead_high = ahead$pi.ub)
}
for (name in unique(sets$set)) {
  d <- sets[sets$set == name, ]
  knha <- fit(d, "knha")
  answers[[name]] <- list(
    effect = d$effect, error = d$error, wald_se = fit(d, "z")$se,
    knha = average(knha), adhoc = average(fit(d, "adhoc")), knha_80 = average(fit(d, "knha", 80)),
    all = c(tau2 = knha$tau2, q = knha$QE, q_p = knha$QEp, i2 = knha$I2 / 100))
  if (nrow(d) > 2) {
    one <- leave1out(knha)
    answers[[name]]$without <- list(
      estimate = one$estimate, se = one$se, tau2 = one$tau2, q = one$Q, i2 = one$I2 / 100)
  }
}

write <- function(x) {
  if (is.list(x) || !is.null(names(x))) {
    parts <- sprintf('"%s": %s', names(x), vapply(names(x), function(n) write(x[[n]]), ""))
    paste0("{", paste(parts, collapse = ", "), "}")
  } else if (length(x) == 1) sprintf("%.17g", x)
  else paste0("[", paste(sprintf("%.17g", x), collapse = ", "), "]")
}
text <- vapply(names(answers), function(n) sprintf('  "%s": %s', n, write(answers[[n]])), "")
writeLines(paste0("{\n", paste(text, collapse = ",\n"), "\n}"), file.path(here, "pooling.json"))
