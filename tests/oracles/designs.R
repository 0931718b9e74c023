# Designs over time: CR2 by clubSandwich, with dummies for units and periods; exposure contrasts by
# a linear combination; permutation p-values by enumeration, written out plainly.
# Rscript tests/oracles/designs.R   writes designs.json beside itself.
suppressWarnings(suppressMessages(library(clubSandwich)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))
answers <- list()

ask <- function(name, formula, data, cluster, weights = c(arm = 1)) {
  fit <- lm(formula, data = data)
  v <- vcovCR(fit, cluster = data[[cluster]], type = "CR2")
  c <- rep(0, length(coef(fit))); names(c) <- names(coef(fit))
  c[names(weights)] <- weights
  row <- suppressWarnings(linear_contrast(fit, vcov = v, contrasts = matrix(c, 1),
                                          test = "Satterthwaite"))
  p <- 2 * pt(-abs(row$Est / row$SE), row$df)
  answers[[name]] <<- c(estimate = row$Est, se = row$SE, df = row$df, p_value = p)
}

cross <- sheet("crossover"); step <- sheet("stepped"); did <- sheet("did")
lone <- sheet("did_lone"); before <- sheet("before_after")
p <- "participant"
ask("crossover.ratio", log(minutes) ~ 0 + participant + factor(period) + arm, cross, p)
ask("crossover.difference", minutes ~ 0 + participant + factor(period) + arm, cross, p)
ask("crossover.words.ratio", log(minutes) ~ 0 + participant + factor(period) + log(words) + arm,
    cross, p)
ask("before_after.ratio", log(minutes) ~ 0 + participant + arm, before, p)
ask("before_after.difference", minutes ~ 0 + participant + arm, before, p)
ask("stepped.ratio", log(minutes) ~ 0 + team + factor(period) + arm, step, "team")
ask("stepped.difference", minutes ~ 0 + team + factor(period) + arm, step, "team")
ask("did.ratio", log(minutes) ~ 0 + team + factor(period) + arm, did, "team")
ask("did.difference", minutes ~ 0 + team + factor(period) + arm, did, "team")
ask("did_lone.ratio", log(minutes) ~ 0 + team + factor(period) + arm, lone, "team")

# the effect at each length of use; lengths seen in at least two teams count alike
start <- tapply(ifelse(step$arm == 1, step$period, Inf), step$team, min)
step$use <- pmax(0, step$period - start[step$team] + 1)
longest <- max(step$use)
for (n in 1:longest) step[[paste0("use", n)]] <- as.numeric(step$use == n)
teams <- sapply(1:longest, function(n) length(unique(step$team[step$use == n])))
counted <- which(teams >= 2)
uses <- paste0("use", 1:longest)
right <- paste("0 + team + factor(period) +", paste(uses, collapse = " + "))
weights <- setNames(rep(1 / length(counted), length(counted)), uses[counted])
ask("stepped.exposure.ratio", as.formula(paste("log(minutes) ~", right)), step, "team", weights)
ask("stepped.exposure.difference", as.formula(paste("minutes ~", right)), step, "team", weights)

# every allocation, the arm's t with CR0 errors from a plain regression
cr0 <- function(y, a, w, cluster) {
  x <- cbind(w, a)
  q <- qr(x)
  if (q$rank < ncol(x)) return(Inf)
  e <- qr.resid(q, y)
  d <- qr.resid(qr(w), a)
  s <- tapply(d * e, cluster, sum)
  abs(sum(d * y) / sum(d^2)) / (sqrt(sum(s^2)) / sum(d^2))
}
share <- function(observed, all) mean(all >= observed * (1 - 1e-9))

cluster <- sheet("cluster")
teams <- sort(unique(cluster$team)); its <- tapply(cluster$arm, cluster$team, max)[teams]
picks <- combn(length(teams), sum(its))
one_p <- function(y) {
  w <- cbind(1, log(cluster$words)); at <- match(cluster$team, teams)
  all <- apply(picks, 2, function(k) cr0(y, as.numeric(at %in% k), w, cluster$team))
  share(cr0(y, cluster$arm, w, cluster$team), all)
}
answers[["permutation.cluster.ratio"]] <- c(p_value = one_p(log(cluster$minutes)),
                                            draws = ncol(picks))
answers[["permutation.cluster.difference"]] <- c(p_value = one_p(cluster$minutes),
                                                 draws = ncol(picks))

people <- sort(unique(cross$participant))
order1 <- sapply(people, function(q) {
  d <- cross[cross$participant == q, ]
  if (any(d$period == 1)) d$arm[d$period == 1][1] else 1 - d$arm[d$period == 2][1]
})
picks <- combn(length(people), sum(order1))
w <- model.matrix(~ 0 + participant + factor(period), cross)
first <- match(cross$participant, people)
draw <- function(k) {
  f <- as.numeric(seq_along(people) %in% k)[first]
  ifelse(cross$period == 1, f, 1 - f)
}
y <- log(cross$minutes)
all <- apply(picks, 2, function(k) cr0(y, draw(k), w, cross$participant))
answers[["permutation.crossover.ratio"]] <-
  c(p_value = share(cr0(y, cross$arm, w, cross$participant), all), draws = ncol(picks))

# a small roll-out of five teams in four steps: every order of the starts
small <- step[step$team %in% c("t00", "t02", "t04", "t06", "t08"), ]
teams <- sort(unique(small$team)); starts <- start[teams]
permutations <- function(v) {
  if (length(v) <= 1) return(matrix(v, 1))
  do.call(rbind, lapply(seq_along(v), function(i) cbind(v[i], permutations(v[-i]))))
}
orders <- unique(permutations(unname(starts)))
w <- model.matrix(~ 0 + team + factor(period), small)
y <- log(small$minutes)
all <- apply(orders, 1, function(s) {
  cr0(y, as.numeric(small$period >= s[match(small$team, teams)]), w, small$team)
})
answers[["permutation.stepped.ratio"]] <-
  c(p_value = share(cr0(y, small$arm, w, small$team), all), draws = nrow(orders))

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "designs.json"))
