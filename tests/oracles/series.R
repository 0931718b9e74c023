# What nlme says of the invented interrupted series: generalised least squares, AR(1), REML.
# Rscript tests/oracles/series.R   writes series.json beside itself.
# Beside it Kenward & Roger's errors and degrees of freedom at nlme's fit, without the term for second
# derivatives, from full matrices and numerical derivatives; not where rho is next to one.
suppressPackageStartupMessages({library(nlme); library(numDeriv)})
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sets <- read.csv(file.path(here, "series.csv"))
sets$since <- sets$time - ave(ifelse(sets$after == 1, sets$time, Inf), sets$series, FUN = min)
sets$since <- ifelse(sets$after == 1, sets$since, 0)
tight <- glsControl(tolerance = 1e-14, maxIter = 500, msMaxIter = 1000, opt = "nlminb")
model <- minutes ~ time + after + since

small_sample <- function(d, share, rho, sigma, contrasts) {
  x <- model.matrix(model, d)
  distance <- abs(outer(d$time, d$time, "-"))
  v <- function(theta) exp(theta[1]) * tanh(theta[2])^distance / sqrt(outer(share, share))
  theta <- c(2 * log(sigma), atanh(rho))
  slopes <- jacobian(function(at) as.vector(v(at)), theta)
  s <- lapply(1:2, function(i) matrix(slopes[, i], nrow(d)))
  inverse <- solve(v(theta))
  phi <- solve(t(x) %*% inverse %*% x)
  p <- inverse - inverse %*% x %*% phi %*% t(x) %*% inverse
  pairs <- expand.grid(i = 1:2, j = 1:2)
  w <- solve(matrix(mapply(function(i, j) sum(diag(p %*% s[[i]] %*% p %*% s[[j]])) / 2,
                           pairs$i, pairs$j), 2))
  bend <- lapply(s, function(one) -t(x) %*% inverse %*% one %*% inverse %*% x)
  more <- Reduce(`+`, Map(function(i, j) w[i, j] * (
    t(x) %*% inverse %*% s[[i]] %*% inverse %*% s[[j]] %*% inverse %*% x -
      bend[[i]] %*% phi %*% bend[[j]]), pairs$i, pairs$j))
  adjusted <- phi + 2 * phi %*% more %*% phi
  df <- apply(contrasts, 2, function(l) {
    g <- vapply(bend, function(one) -drop(t(l) %*% phi %*% one %*% phi %*% l), 0)
    2 * drop(t(l) %*% phi %*% l)^2 / drop(t(g) %*% w %*% g)
  })
  list(se = sqrt(diag(t(contrasts) %*% adjusted %*% contrasts)), df = df)
}

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
  rho <- answers[[name]][["rho"]]
  if (rho > 0.999) return()
  small <- small_sample(d, d$share, rho, fit$sigma, cbind(c(0, 0, 1, 0), c(0, 0, 0, 1), contrast))
  names <- paste0("adjusted_", c("level", "slope", "average"))
  answers[[name]] <<- c(answers[[name]], setNames(small$se, paste0(names, "_se")),
                        setNames(small$df, paste0(names, "_df")))
}
for (name in unique(sets$series)) ask(name, sets[sets$series == name, ])
ask("weighted", transform(sets[sets$series == "gaps", ], v = 1 / tasks), varFixed(~v))

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "series.json"))
