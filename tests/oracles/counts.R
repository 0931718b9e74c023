# What R's glm and clubSandwich say of events per exposure in the invented sets: quasi-Poisson with a
# log link and an offset, CR2 with Satterthwaite degrees of freedom.
#
# Two traps. glm's last weights are those of the step before, so it is started once more from its own
# answer. And clubSandwich 0.5.8 takes eigenvalues of order mu^2 for zero below 1e-12, not below a
# share of the largest: with participants' own effects and mu of 10 a true zero may come out above,
# which once gave 1.02 degrees of freedom for 9.98 (`within.minutes`). Events are therefore counted
# in units of 64, a power of two, which changes no answer of quasi-Poisson.
# Rscript tests/oracles/counts.R   writes counts.json beside itself.
suppressWarnings(suppressMessages(library(clubSandwich)))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
sheet <- function(name) read.csv(file.path(here, paste0(name, ".csv")))

answers <- list()
ask <- function(name, formula, data, cluster, family = quasipoisson, unit = 64, column = "arm") {
  data$errors <- data$errors / unit
  fit <- glm(formula, family = family, data = data, control = glm.control(1e-15, 200))
  fit <- glm(formula, family = family, data = data, start = coef(fit))
  row <- suppressWarnings(
    coef_test(fit, vcov = "CR2", cluster = data[[cluster]], test = "Satterthwaite"))
  row <- row[row$Coef == column, ]
  answers[[name]] <<- c(estimate = row$beta, se = row$SE, df = row$df, p_value = row$p_Satt)
}

p <- "participant"
parallel <- sheet("parallel"); within <- sheet("within"); cluster <- sheet("cluster")
rollout <- sheet("rollout"); one <- sheet("one_task_each"); lone <- sheet("lone_team")
ask("parallel", errors ~ offset(log(words)) + arm, parallel, p)
ask("parallel.poisson", errors ~ offset(log(words)) + arm, parallel, p, poisson, 1)
ask("parallel.kind", errors ~ offset(log(words)) + kind + log(minutes) + arm, parallel, p)
ask("one_task_each", errors ~ offset(log(words)) + arm, one, p)
ask("cluster", errors ~ offset(log(words)) + arm, cluster, "team")
ask("cluster.minutes", errors ~ offset(log(words)) + log(minutes) + arm, cluster, "team")
ask("within", errors ~ 0 + participant + offset(log(words)) + arm, within, p)
ask("within.minutes", errors ~ 0 + participant + offset(log(words)) + log(minutes) + arm, within, p)
ask("within.pooled", errors ~ offset(log(words)) + arm, within, p)
ask("rollout", errors ~ 0 + team + factor(period) + offset(log(words)) + arm, rollout, "team")
ask("lone_team", errors ~ offset(log(words)) + log(minutes) + arm, lone, "team")

# rare events; two participants without any drop out
rare <- within; rare$errors <- (rare$errors > 5) + (rare$errors > 8)
rare$errors[rare$participant %in% c("p03", "p07")] <- 0
events <- tapply(rare$errors, rare$participant, sum)
some <- rare[rare$participant %in% names(events)[events > 0], ]
ask("rare", errors ~ 0 + participant + offset(log(words)) + arm, some, p)
# with them, glm's limit: their fitted rates go to zero as it iterates
fit <- suppressWarnings(glm(
  errors ~ 0 + participant + offset(log(words)) + arm, quasipoisson, rare, epsilon = 1e-12))
row <- suppressWarnings(coef_test(fit, vcov = "CR2", cluster = rare$participant))
row <- row[row$Coef == "arm", ]
answers[["rare.limit"]] <- c(estimate = row$beta, se = row$SE, df = row$df, p_value = row$p_Satt)

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "counts.json"))
