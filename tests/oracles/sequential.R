# What R's rpact 3.3.4 says of looks: limits, final p and interval, conditional power, chances to
# stop; and mvtnorm of trials that may stop on either side, which rpact leaves out of its final p.
# Rscript tests/oracles/sequential.R   writes sequential.json beside itself.
suppressWarnings(suppressMessages({library(rpact); library(mvtnorm)}))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
answers <- list()
numbered <- function(name, values) setNames(values, paste0(name, seq_along(values)))
quiet <- function(x) suppressWarnings(suppressMessages(x))

plan <- function(type, fractions, sided, alpha = 0.05 * sided / 2, table = NULL) {
  spending <- if (is.null(table)) list() else list(userAlphaSpending = alpha * table)
  quiet(do.call(getDesignGroupSequential, c(list(
    typeOfDesign = type, informationRates = fractions, sided = sided, alpha = alpha,
    twoSidedPower = sided == 2, tolerance = 1e-10), spending)))
}
limits <- function(name, d) {
  answers[[name]] <<- c(sides = d$sided, alpha = d$alpha, numbered("t", d$informationRates),
    numbered("c", d$criticalValues), numbered("spent", d$alphaSpent))
}
equal <- function(k) seq_len(k) / k
unequal <- list(c(0.3, 1), c(0.2, 0.7, 1), c(0.25, 0.4, 0.9, 1), c(0.1, 0.35, 0.5, 0.8, 1))
tables <- list(c(0.3, 1), c(0.1, 0.5, 1), c(0.2, 0.2001, 0.6, 1), c(0.05, 0.2, 0.4, 0.7, 1))
for (sided in 1:2) for (k in 2:5) for (even in c(TRUE, FALSE)) {
  t <- if (even) equal(k) else unequal[[k - 1]]
  place <- paste(k, if (even) "equal" else "unequal", sided, sep = ".")
  limits(paste0("limits.obrien_fleming.", place), plan("asOF", t, sided))
  limits(paste0("limits.pocock.", place), plan("asP", t, sided))
  limits(paste0("limits.table.", place), plan("asUser", t, sided, table = tables[[k - 1]]))
}
limits("limits.obrien_fleming.other_alpha", plan("asOF", unequal[[2]], 2, alpha = 0.1))
limits("limits.pocock.other_alpha", plan("asP", equal(4), 1, alpha = 0.005))

# A look is z at each look so far; the standard deviation is 1, so the error is 1 / sqrt(n).
seen <- function(t, z, n = 1e6) {
  size <- n * t[seq_along(z)]
  quiet(getDataset(overallN = size, overallMeans = z / sqrt(size), overallStDevs = rep(1, length(z))))
}
final <- function(name, type, t, z) {
  d <- plan(type, t, 1)
  data <- seen(t, z); k <- length(z); n <- 1e6 * t[k]
  r <- quiet(getStageResults(d, data, stage = k, normalApproximation = TRUE))
  p <- quiet(getFinalPValue(r))
  ci <- quiet(getFinalConfidenceInterval(d, data, stage = k, normalApproximation = TRUE,
                                         tolerance = 1e-10))
  stopifnot(p$finalStage == k, ci$finalStage == k)
  e <- ci$finalConfidenceIntervalGeneral * sqrt(n)   # in standard errors of the look
  answers[[name]] <<- c(numbered("t", t), look = k, z = z[k], p = p$pFinal, low = e[1],
                        middle = ci$medianUnbiasedGeneral * sqrt(n), high = e[2])
}
for (type in c("asOF", "asP")) {
  s <- if (type == "asOF") "obrien_fleming" else "pocock"
  final(paste0("final.", s, ".first"), type, equal(3), 4)
  final(paste0("final.", s, ".second"), type, equal(3), c(1.5, 2.9))
  final(paste0("final.", s, ".last"), type, equal(3), c(1, 1.8, 2.4))
  final(paste0("final.", s, ".nothing"), type, equal(3), c(1, 0.8, 0.2))
  final(paste0("final.", s, ".against"), type, equal(2), c(-0.5, -1.4))
  final(paste0("final.", s, ".two"), type, c(0.3, 1), c(1, 2.2))
  final(paste0("final.", s, ".unequal"), type, unequal[[3]], c(0.4, 1.1, 1.6, 1.9))
  final(paste0("final.", s, ".five"), type, unequal[[4]], c(0.4, 1.1, 1.6, 1.9, 2.5))
  final(paste0("final.", s, ".five_early"), type, equal(5), c(0.4, 1.1, 1.6, 3))
}

power <- function(name, type, t, z, effect, sided) {
  d <- quiet(getDesignGroupSequential(typeOfDesign = type, informationRates = t, sided = sided,
                                      alpha = 0.025 * sided, tolerance = 1e-10))
  k <- length(z); n <- 1e6
  r <- quiet(getStageResults(d, seen(t, z, n), stage = k, normalApproximation = TRUE))
  drift <- if (is.na(effect)) z[k] / sqrt(t[k]) else effect
  p <- quiet(getConditionalPower(r, nPlanned = n * diff(t)[k:(length(t) - 1)], assumedStDev = 1,
                                 thetaH1 = drift / sqrt(n)))
  answers[[name]] <<- c(sides = sided, numbered("t", t), look = k, z = z[k], trend = is.na(effect),
    drift = drift, power = p$conditionalPower[length(t)])
}
for (type in c("asOF", "asP")) {
  s <- if (type == "asOF") "obrien_fleming" else "pocock"
  power(paste0("power.", s, ".trend"), type, equal(2), 0.9, NA, 1)
  power(paste0("power.", s, ".planned"), type, equal(2), 0.9, 3, 1)
  power(paste0("power.", s, ".against"), type, c(0.3, 1), -0.4, 2.8, 1)
  power(paste0("power.", s, ".three"), type, c(0.2, 0.7, 1), 1.1, NA, 1)
  power(paste0("power.", s, ".second_of_five"), type, unequal[[4]], c(0.2, 0.8), 3.2, 1)
  power(paste0("power.", s, ".two_sides"), type, equal(4), 0.7, 2.5, 2)
}

chances <- function(name, type, t, sided, drift) {
  d <- plan(type, t, sided)
  p <- quiet(getPowerAndAverageSampleNumber(d, theta = drift / 100, nMax = 1e4))
  answers[[name]] <<- c(sides = sided, numbered("t", t), drift = drift,
    power = p$overallReject, numbered("stop", as.vector(p$rejectPerStage)),
    information = p$averageSampleNumber / 1e4)
}
for (type in c("asOF", "asP")) for (sided in 1:2) for (drift in c(0, 1.3, 3.24)) {
  s <- if (type == "asOF") "obrien_fleming" else "pocock"
  chances(paste("chances", s, "three", sided, drift, sep = "."), type, c(0.2, 0.7, 1), sided, drift)
  chances(paste("chances", s, "five", sided, drift, sep = "."), type, equal(5), sided, drift)
}

# Both sides may stop: sums of rectangles of the multivariate normal, and the shifts at which they
# are 2.5, 50 and 97.5 %.
both <- function(name, type, t, z) {
  limit <- plan(type, t, 2)$criticalValues
  k <- length(z); own <- t[k]
  tail <- function(shift) sum(sapply(seq_len(k), function(j) {
    at <- t[seq_len(j)] / own
    r <- outer(at, at, function(a, b) sqrt(pmin(a, b) / pmax(a, b)))
    lower <- c(-limit[seq_len(j - 1)], if (j < k) limit[j] else z[k]) - shift * sqrt(at)
    upper <- c(limit[seq_len(j - 1)], Inf) - shift * sqrt(at)
    if (j == 1) return(pnorm(lower, lower.tail = FALSE))
    quiet(pmvnorm(lower, upper, corr = r, algorithm = Miwa(steps = 2048))[1])
  }))
  at <- function(share) uniroot(function(x) tail(x) - share, z[k] + c(-6, 4), tol = 1e-12)$root
  answers[[name]] <<- c(numbered("t", t), look = k, z = z[k], p = 2 * tail(0), low = at(0.025),
                        middle = at(0.5), high = at(0.975))
}
for (type in c("asOF", "asP")) {
  s <- if (type == "asOF") "obrien_fleming" else "pocock"
  both(paste0("both.", s, ".last"), type, equal(2), c(1, 2.3))
  both(paste0("both.", s, ".second"), type, c(0.2, 0.7, 1), c(1, 2.9))
  both(paste0("both.", s, ".little"), type, equal(3), c(1, 0.8, 0.2))
}

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "sequential.json"))
