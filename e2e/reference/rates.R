# Reference numbers for shared/stats: incidence rates with exact Poisson intervals.
# Run from this folder: Rscript rates.R    (apt: r-base-core r-cran-jsonlite)
suppressMessages(library(jsonlite))
rate <- function(events, time, level = 0.95) {
  test <- poisson.test(events, time, conf.level = level)
  list(events = events, time = time, level = level, estimate = unname(test$estimate), lower = test$conf.int[1], upper = test$conf.int[2])
}
R <- list(rates = list(rate(0, 12.5), rate(1, 3), rate(2, 6), rate(3, 100, 0.9), rate(7, 0.25), rate(19, 412.75, 0.99), rate(120, 1000),
  rate(1518, 17352.4), rate(25000, 1e6, 0.8)))
R$session <- list(R = R.version.string, jsonlite = as.character(packageVersion("jsonlite")))
write_json(R, "rates.json", digits = I(17), auto_unbox = TRUE, na = "null")
cat("wrote rates.json\n")
