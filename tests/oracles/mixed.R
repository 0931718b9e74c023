# What R's lme4, lmerTest and pbkrtest say of the invented sets: REML with random intercepts.
# Rscript tests/oracles/mixed.R   writes mixed.json beside itself.
suppressWarnings(suppressMessages({library(lme4); library(lmerTest); library(pbkrtest)}))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

# lme4's optimisers stop at about 1e-5 of a variance; Newton's method on lme4's own deviance, with
# numDeriv's slopes, goes on from there. A theta that lme4 puts at zero stays there.
converged <- function(formula, data) {
  parts <- lFormula(formula, data = data, REML = TRUE)
  deviance <- do.call(mkLmerDevfun, parts)
  theta <- optimizeLmer(deviance)$par
  free <- theta > 1e-3
  theta[!free] <- 0
  along <- function(part) deviance(replace(theta, free, part))
  if (any(free)) for (i in 1:4) {
    slope <- numDeriv::grad(along, theta[free])
    theta[free] <- theta[free] - solve(numDeriv::hessian(along, theta[free]), slope)
  }
  theta <- round(theta, 9)  # the last digits differ from run to run
  found <- list(par = theta, fval = deviance(theta), conv = 0)
  fit <- mkMerMod(environment(deviance), found, parts$reTrms, parts$fr)
  fit@call <- call("lmer", formula = formula, data = quote(data))
  fit
}

answers <- list()
ask <- function(name, formula, data, column = "arm") {
  fit <- suppressWarnings(lmerTest::as_lmerModLmerTest(converged(formula, data)))
  row <- suppressMessages(coef(summary(fit)))[column, ]
  adjusted <- vcovAdj(fit)
  contrast <- as.numeric(names(fixef(fit)) == column)
  variances <- as.data.frame(VarCorr(fit))
  out <- c(
    estimate = row[["Estimate"]], se = row[["Std. Error"]], df = row[["df"]],
    intercept = fixef(fit)[["(Intercept)"]],
    intercept_se = coef(summary(fit))["(Intercept)", "Std. Error"],
    kr_se = sqrt(sum(contrast * (as.matrix(adjusted) %*% contrast))),
    kr_df = Lb_ddf(contrast, vcov(fit), adjusted),
    deviance = as.numeric(-2 * logLik(fit)), rows = nobs(fit), columns = length(fixef(fit)))
  answers[[name]] <<- c(out, setNames(variances$vcov, paste0("var.", variances$grp)))
}

within <- sheet("within"); parallel <- sheet("parallel"); cluster <- sheet("cluster")
rollout <- sheet("rollout"); nested <- sheet("mixed_nested"); crossed <- sheet("mixed_crossed")
flat <- sheet("mixed_flat"); balanced <- sheet("mixed_balanced")
rollout$cell <- paste(rollout$team, rollout$period)

ask("within.words", log(minutes) ~ log(words) + arm + (1 | participant), within)
ask("within.approved", approved ~ arm + (1 | participant), within)
ask("parallel", log(minutes) ~ arm + (1 | participant), parallel)
ask("parallel.words", minutes ~ words + arm + (1 | participant), parallel)
ask("cluster", log(minutes) ~ arm + (1 | team), cluster)
ask("cluster.words", minutes ~ log(words) + arm + (1 | team), cluster)
ask("nested.team", log(minutes) ~ log(words) + arm + (1 | team), nested)
ask("nested", log(minutes) ~ arm + (1 | team) + (1 | participant), nested)
ask("nested.words", log(minutes) ~ log(words) + arm + (1 | team) + (1 | participant), nested)
ask("rollout", log(minutes) ~ factor(period) + arm + (1 | team) + (1 | cell), rollout)
ask("rollout.words",
    log(minutes) ~ factor(period) + log(words) + arm + (1 | team) + (1 | cell), rollout)
ask("crossed", score ~ arm + (1 | participant) + (1 | question), crossed)
ask("crossed.three", score ~ arm + (1 | participant) + (1 | question) + (1 | team), crossed)
ask("flat", minutes ~ arm + (1 | team), flat)
ask("balanced.team", minutes ~ arm + (1 | team) + (1 | participant), balanced)
ask("balanced.tool", minutes ~ tool + (1 | team) + (1 | participant), balanced, "tool")

# nine digits: the tenth of a numerical derivative differs from run to run
line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.9g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "mixed.json"))
