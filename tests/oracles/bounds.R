# What R's clubSandwich says at the extremes of missing outcomes, and the shift of the missing ones
# at which its p is exactly 0.05. Lee's bounds come from rows repeated until nothing is cut in part.
# Rscript tests/oracles/bounds.R   writes bounds.json beside itself.
suppressWarnings(suppressMessages(library(clubSandwich)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

answers <- list()
tested <- function(y, d, unit) {
  fit <- lm(y ~ arm, data = cbind(y = y, d["arm"]))
  coef_test(fit, vcov = "CR2", cluster = d[[unit]], test = "Satterthwaite")["arm", ]
}
limit <- function(row, side) row$beta + side * qt(0.975, row$df) * row$SE

d <- sheet("parallel")
known <- seq_len(nrow(d)) %% 5 != 0
ask <- function(name, low, high) {
  worst <- tested(ifelse(d$arm == 1, low, high), d, "participant")
  best <- tested(ifelse(d$arm == 1, high, low), d, "participant")
  answers[[name]] <<- c(low = worst$beta, high = best$beta,
                        lower = limit(worst, -1), upper = limit(best, 1))
}
ask("missing", ifelse(known, d$minutes, 0), ifelse(known, d$minutes, 120))
ask("banded", 15 * floor(d$minutes / 15), 15 * floor(d$minutes / 15) + 15)

d <- sheet("cluster")
known <- seq_len(nrow(d)) %% 7 != 0
tip <- function(name, effect, bracket) {
  y <- log(d$minutes) + effect * d$arm
  y <- ifelse(known, y, ave(ifelse(known, y, NA), d$arm, FUN = function(v) mean(v, na.rm = TRUE)))
  excess <- function(delta) {
    row <- tested(y + delta * (!known & d$arm == 1), d, "team")
    row$tstat^2 / qt(0.025, row$df)^2 - 1
  }
  answers[[name]] <<- c(delta = uniroot(excess, bracket, tol = 1e-14)$root)
}
tip("tip.lower", -0.2, c(0, 5)); tip("tip.higher", 1, c(-5, 0))

# delete-one-cluster jackknife of Lee's bounds, by arm
lee <- function(y, known, arm) {
  n <- tapply(known, arm, length); k <- tapply(known, arm, sum)
  more <- if (k["1"] / n["1"] >= k["0"] / n["0"]) "1" else "0"
  less <- setdiff(c("0", "1"), more)
  v <- rep(sort(y[known & arm == more]), each = n[[less]])   # so that a whole number is kept
  kept <- k[[less]] * n[[more]]
  other <- mean(y[known & arm == less])
  sides <- c(mean(head(v, kept)), mean(tail(v, kept)))
  if (more == "1") sides - other else rev(other - sides)
}
jack <- function(name, known) {
  y <- d$minutes
  ends <- lee(y, known, d$arm)
  without <- sapply(unique(d$team), function(t) {
    i <- d$team != t
    lee(y[i], known[i], d$arm[i])
  })
  own <- tapply(d$arm, d$team, max)[as.character(unique(d$team))]
  parts <- lapply(split(seq_along(own), own), function(mine) {   # arms are independent groups
    g <- length(mine)
    w <- without[, mine]
    list(v = (g - 1) / g * rowSums((w - rowMeans(w))^2), df = g - 1)
  })
  v <- parts[[1]]$v + parts[[2]]$v
  df <- v^2 / (parts[[1]]$v^2 / parts[[1]]$df + parts[[2]]$v^2 / parts[[2]]$df)   # Welch's
  answers[[name]] <<- c(low = ends[1], high = ends[2], lower = ends[1] - qt(0.975, df[1]) * sqrt(v[1]),
                        upper = ends[2] + qt(0.975, df[2]) * sqrt(v[2]))
}
row <- seq_len(nrow(d))
jack("lee.treatment", row %% ifelse(d$arm == 1, 11, 4) != 0)
jack("lee.baseline", row %% ifelse(d$arm == 1, 4, 9) != 0)

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "bounds.json"))
