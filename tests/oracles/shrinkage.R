# What R's metafor says of subgroups' effects: rma(method = "PM") and blup().
# Rscript tests/oracles/shrinkage.R   writes shrinkage.json beside itself.
suppressWarnings(suppressMessages(library(metafor)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))

sets <- list(   # log ratios and standard errors of invented departments
  unlike = list(y = c(-0.31, 0.12, -0.55, -0.05, 0.42, -0.18), s = c(.11, .15, .22, .09, .2, .3)),
  alike = list(y = c(-0.11, -0.08, -0.2, -0.12), s = c(.12, .1, .25, .3)),
  two = list(y = c(-0.4, 0.3), s = c(.1, .2)),
  tail = list(y = c(0, 30, 60), s = c(1, 2, 3)))
answers <- lapply(sets, function(d) {
  fit <- rma(d$y, sei = d$s, method = "PM", control = list(tol = 1e-14, maxiter = 1e4))
  b <- blup(fit)
  k <- seq_along(d$y)
  c(setNames(d$y, paste0("y", k)), setNames(d$s, paste0("s", k)),
    setNames(b$pred, paste0("value", k)), setNames(b$se, paste0("error", k)),
    common = unname(fit$beta[1]), common_error = fit$se, tau2 = fit$tau2, q = fit$QE,
    p_value = fit$QEp)
})

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "shrinkage.json"))
