# Miettinen and Nurminen's score interval and test, from rpact's restricted maximum likelihood
# (Farrington & Manning's closed form) and uniroot; Boschloo's p by listing every table.
# Rscript tests/oracles/proportions.R   writes proportions.json beside itself.
suppressWarnings(suppressMessages(library(rpact)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))

score <- function(hits0, n0, hits1, n1, level) {
  z <- function(d) {
    ml <- rpact:::.getFarringtonManningValuesDiff(
      rate1 = hits1 / n1, rate2 = hits0 / n0, theta = d, allocation = n1 / n0)
    v <- ml[1] * (1 - ml[1]) / n1 + ml[2] * (1 - ml[2]) / n0
    (hits1 / n1 - hits0 / n0 - d) / sqrt(v * (n0 + n1) / (n0 + n1 - 1))
  }
  value <- hits1 / n1 - hits0 / n0
  reach <- qnorm(1 - (1 - level) / 2)
  root <- function(sign, ends) uniroot(function(d) z(d) - sign * reach, ends, tol = 1e-14)$root
  c(estimate = value, p_value = 2 * pnorm(-abs(z(0))),
    low = root(1, c(-1 + 1e-6, value)), high = root(-1, c(value, 1 - 1e-6)))
}

# p at a nuisance share is polynomial, so a fine grid and a polish around its best point find the top
boschloo <- function(hits0, n0, hits1, n1) {
  fisher <- function(tail) outer(0:n0, 0:n1, function(a, b)
    phyper(if (tail) b else b - 1, n1, n0, a + b, lower.tail = tail))
  side <- function(tail) {
    p <- fisher(tail)
    extreme <- p <= p[hits0 + 1, hits1 + 1] * (1 + 1e-13)
    chance <- function(s) sum((dbinom(0:n0, n0, s) %o% dbinom(0:n1, n1, s))[extreme])
    grid <- seq(0, 1, length.out = 2001)
    best <- grid[which.max(vapply(grid, chance, 0))]
    optimize(chance, pmin(pmax(best + c(-1, 1) / 1000, 0), 1), maximum = TRUE, tol = 1e-12)$objective
  }
  c(p_value = min(1, 2 * min(side(TRUE), side(FALSE))))
}

answers <- list()
for (case in list(c(48, 80, 56, 70), c(3, 10, 9, 10), c(2, 7, 6, 7), c(1, 34, 7, 34),
                  c(7, 12, 4, 31), c(150, 400, 141, 390), c(1, 2, 1, 3))) {
  for (level in c(0.90, 0.95)) {
    name <- paste(c("score", case, 100 * level), collapse = ".")
    answers[[name]] <- do.call(score, as.list(c(case, level)))
  }
  if (sum(case) < 300) {
    name <- paste(c("boschloo", case), collapse = ".")
    answers[[name]] <- do.call(boschloo, as.list(case))
  }
}

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "proportions.json"))
