# Power and planned variances: R's pwr for t and shares, and whole matrices for the rest.
# Rscript tests/oracles/power.R   writes power.json beside itself.
suppressMessages(library(pwr))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
answers <- list()
keep <- function(.name, ...) answers[[.name]] <<- c(...)

# --- pwr: its n is as exact as uniroot's default tolerance, 1.2e-4 of a unit
for (d in c(0.2, 0.5, 0.8, 1.5)) for (power in c(0.8, 0.9)) for (level in c(0.95, 0.9)) {
  key <- sprintf("%g.%g.%g", d, power, level)
  two <- pwr.t.test(d = d, power = power, sig.level = 1 - level)$n
  one <- pwr.t.test(d = d, power = power, sig.level = 1 - level, type = "paired")$n
  own <- pwr.t.test(d = d, power = power, sig.level = (1 - level) / 2, alternative = "greater")$n
  keep(paste0("groups.", key), n = two, n_own = own)
  keep(paste0("pairs.", key), n = one)
}
for (n in list(c(5, 5), c(12, 40), c(2, 3), c(30, 11))) for (d in c(0.1, 0.7, 3)) {
  keep(sprintf("unequal.%g.%g.%g", n[1], n[2], d),
       power = pwr.t2n.test(n1 = n[1], n2 = n[2], d = d)$power,
       detectable = pwr.t2n.test(n1 = n[1], n2 = n[2], power = 0.85)$d)
}
keep("unequal.size", n2 = pwr.t2n.test(n1 = 40, d = 0.6, power = 0.8)$n2)
for (p in list(c(0.3, 0.5), c(0.05, 0.02), c(0.9, 0.97))) {
  key <- sprintf("%g.%g", p[1], p[2]); h <- ES.h(p[2], p[1])
  keep(paste0("arcsine.", key), n = pwr.2p.test(h = h, power = 0.8)$n,
       power = pwr.2p2n.test(h = h, n1 = 60, n2 = 90)$power)
  z <- function(n0, n1) abs(p[2] - p[1]) / sqrt(p[1] * (1 - p[1]) / n0 + p[2] * (1 - p[2]) / n1)
  chance <- function(z) pnorm(z - qnorm(0.975)) + pnorm(-z - qnorm(0.975))
  keep(paste0("unpooled.", key), power = chance(z(60, 90)),
       n = uniroot(function(n) chance(z(n, n)) - 0.8, c(2, 1e6), tol = 1e-9)$root)
}
# the noncentral t itself at the df that few clusters have
for (df in c(2.7, 4.433347, 11, 200)) for (shift in c(0.5, 2.8, 6)) {
  limit <- qt(0.025, df)
  keep(sprintf("noncentral.%g.%g", df, shift), power = pt(limit, df, -shift) + pt(limit, df, shift))
}

# --- planned variances: every task a row, the whole V, no shortcut
# rows: cluster, period, person, arm; v: task, cluster, period, person, reaction
whole <- function(rows, v, own, by_period) {
  same <- function(...) Reduce(`&`, lapply(list(...), function(x) outer(x, x, `==`)))
  V <- v["cluster"] * same(rows$cluster) + v["period"] * same(rows$cluster, rows$period) +
    v["person"] * same(rows$cluster, rows$person) +
    v["reaction"] * same(rows$cluster) * outer(rows$arm, rows$arm) + diag(v["task"], nrow(rows))
  period <- if (by_period) model.matrix(~ factor(period), rows)[, -1, drop = FALSE] else NULL
  fixed <- cbind(1, period, rows$arm); k <- ncol(fixed)
  gls <- solve(t(fixed) %*% solve(V, fixed))[k, k]
  x <- if (own) cbind(model.matrix(~ 0 + factor(cluster), rows), period, rows$arm) else fixed
  k <- ncol(x); M <- solve(crossprod(x)); H <- x %*% M %*% t(x)
  ols <- (M %*% t(x) %*% V %*% x %*% M)[k, k]
  # CR2's Omega under independent errors, written out: df = (tr Omega)^2 / tr Omega^2
  P <- t(sapply(split(seq_len(nrow(x)), rows$cluster), function(i) {
    e <- eigen((diag(nrow(x)) - H)[i, i, drop = FALSE], symmetric = TRUE)
    root <- e$vectors %*% (ifelse(e$values > 1e-8, 1 / sqrt(pmax(e$values, 1e-8)), 0) * t(e$vectors))
    p <- numeric(nrow(x)); p[i] <- root %*% x[i, , drop = FALSE] %*% M[, k]; p
  }))
  Omega <- P %*% (diag(nrow(x)) - H) %*% t(P)
  c(ols = unname(ols), gls = unname(gls), df = sum(diag(Omega))^2 / sum(Omega^2))
}
rows_of <- function(cells) cells[rep(seq_len(nrow(cells)), cells$tasks), ]
v <- c(task = 0.3, cluster = 0.05, period = 0.02, person = 0, reaction = 0.01)
cell <- function(cluster, period, arm, tasks, person = 0) {
  rows_of(data.frame(cluster, period, arm, tasks, person))
}

sizes <- c(3, 5, 8, 2, 9, 4, 6, 7, 3)
keep("parallel", whole(cell(1:9, 0, rep(0:1, c(5, 4)), sizes), v, FALSE, FALSE))
k0 <- c(3, 5, 4, 2, 6, 5); k1 <- c(4, 3, 6, 2, 5, 1)
keep("within", whole(rbind(cell(1:6, 0, 0, k0), cell(1:6, 0, 1, k1)), v, TRUE, FALSE))
keep("before_after", whole(rbind(cell(1:6, 0, 0, k0), cell(1:6, 1, 1, k1)), v, TRUE, FALSE))
first <- rep(0:1, c(4, 3))
keep("crossover", whole(rbind(cell(1:7, 0, first, 4), cell(1:7, 1, 1 - first, 4)), v, TRUE, TRUE))
has <- rep(0:1, c(4, 3))
keep("did", whole(rbind(cell(1:7, 0, 0, 3), cell(1:7, 1, has, 5)), v, TRUE, TRUE))
wedge <- function(starts, periods, tasks) {
  g <- expand.grid(cluster = seq_along(starts), period = 0:(periods - 1))
  cell(g$cluster, g$period, as.numeric(g$period >= starts[g$cluster]),
       rep_len(tasks, length(starts))[g$cluster])
}
nested <- c(task = 0.3, cluster = 0.05, period = 0.02, person = 0, reaction = 0)
flat <- c(task = 0.3, cluster = 0.05, period = 0, person = 0, reaction = 0)
keep("wedge.nested", whole(wedge(c(1, 1, 2, 2, 3, 3), 4, 5), nested, TRUE, TRUE))
keep("wedge.flat", whole(wedge(c(1, 1, 2, 2, 3, 3), 4, 5), flat, TRUE, TRUE))
keep("wedge.uneven", whole(wedge(c(1, 2, 2, 3, 4), 5, c(2, 6, 3, 4, 5)), v, TRUE, TRUE))
people <- c(3, 2, 4, 1, 2, 3)
teams <- do.call(rbind, lapply(1:6, function(g) {
  do.call(rbind, lapply(seq_len(people[g]), function(p) cell(g, 0, as.numeric(g > 3), 4, p)))
}))
keep("teams", whole(teams, c(task = 0.3, cluster = 0.05, period = 0, person = 0.08, reaction = 0),
                    FALSE, FALSE))

# --- a series: the whole R of AR(1)
for (rho in c(0, 0.3, -0.2, 0.6)) {
  t <- 0:21; after <- as.numeric(t >= 10)
  x <- cbind(1, t, after, after * (t - 10)); R <- rho^abs(outer(t, t, "-"))
  M <- solve(t(x) %*% solve(R, x))
  a <- c(0, 0, 1, mean(t[t >= 10] - 10))
  keep(sprintf("series.%g", rho), level = 4 * M[3, 3], slope = 4 * M[4, 4],
       average = 4 * c(a %*% M %*% a))
}

# --- log-normal minutes: the moments by numerical integration, two tasks of one person
s2 <- 0.36; tau <- 0.09; m0 <- 30; m1 <- 0.85 * 30
at <- function(m, z, s2) m * exp(sqrt(s2) * z - s2 / 2)
one <- function(f) integrate(function(z) f(z) * dnorm(z), -12, 12, rel.tol = 1e-12)$value
inner <- function(m, a) m * exp(sqrt(tau) * a - tau / 2)    # mean of a task, given its person
keep("minutes",
     variance0 = one(function(z) at(m0, z, s2)^2) - m0^2,
     shared0 = one(function(a) inner(m0, a)^2) - m0^2,
     crossed = one(function(a) inner(m0, a) * inner(m1, a)) - m0 * m1)

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "power.json"))
