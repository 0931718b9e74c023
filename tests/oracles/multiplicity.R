# What base R says of families of p-values: p.adjust(p, "holm").
# Rscript tests/oracles/multiplicity.R   writes multiplicity.json beside itself.
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))

families <- list(
  three = c(0.01, 0.04, 0.03),
  ties = c(0.02, 0.5, 0.02, 0.9, 0.02),
  monotone = c(0.011, 0.012, 0.013, 0.9, 0.0125),
  capped = c(0.6, 0.7, 0.8),
  tail = c(1e-300, 3e-17, 0.049, 1),
  one = 0.03)
answers <- lapply(families, function(p) c(setNames(p, paste0("p", seq_along(p))),
  setNames(p.adjust(p, "holm"), paste0("holm", seq_along(p)))))

line <- function(name) {
  a <- answers[[name]]
  sprintf('  "%s": {%s}', name, paste(sprintf('"%s": %.17g', names(a), a), collapse = ", "))
}
text <- paste0("{\n", paste(vapply(names(answers), line, ""), collapse = ",\n"), "\n}")
writeLines(text, file.path(here, "multiplicity.json"))
