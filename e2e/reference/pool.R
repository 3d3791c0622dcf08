# Reference numbers for shared/stats/src/pool.rs.
# Run from this folder: Rscript pool.R    (apt: r-cran-metafor r-cran-jsonlite)
suppressMessages({ library(metafor); library(jsonlite) })
tight <- list(threshold = 1e-15, maxiter = 20000, tol = 1e-14)

fit <- function(yi, vi, method, test) {
  f <- rma(yi, vi, method = method, test = test, control = if (method == "FE") list() else tight)
  pr <- predict(f)
  o <- list(method = method, test = test, k = f$k, estimate = as.vector(f$beta), std_err = f$se, statistic = f$zval, p = f$pval, lower = f$ci.lb, upper = f$ci.ub,
    tau2 = f$tau2, i2 = f$I2, h2 = f$H2, q = f$QE, q_p = f$QEp, weights = unname(weights(f)))
  if (method != "FE") {
    ci <- confint(f, control = list(tol = 1e-15, maxiter = 10000, tau2.max = 1e6))$random
    o <- c(o, list(prediction_lower = pr$pi.lb, prediction_upper = pr$pi.ub, tau2_lower = ci[1, 2], tau2_upper = ci[1, 3]))
  }
  o
}
run <- function(yi, vi) {
  fits <- list()
  for (m in c("FE", "DL", "PM", "REML")) for (t in c("z", "knha")) fits[[length(fits) + 1]] <- fit(yi, vi, m, t)
  l <- leave1out(rma(yi, vi, method = "REML", control = tight))
  list(yi = yi, vi = vi, fits = fits, leave_one_out_reml = list(estimate = l$estimate, std_err = l$se, tau2 = l$tau2, i2 = l$I2, q = l$Q))
}

R <- list()
# Tuberculosis vaccine trials: G. A. Colditz et al., JAMA 271 (1994) 698: cases and non-cases, vaccinated and not
bcg <- matrix(c(4, 119, 11, 128, 6, 300, 29, 274, 3, 228, 11, 209, 62, 13536, 248, 12619, 33, 5036, 47, 5761, 180, 1361, 372, 1079, 8, 2537, 10, 619, 505, 87886, 499, 87892,
  29, 7470, 45, 7232, 17, 1699, 65, 1600, 186, 50448, 141, 27197, 5, 2493, 3, 2338, 27, 16886, 29, 17825), ncol = 4, byrow = TRUE)
for (measure in c("RR", "OR", "RD")) {
  e <- escalc(measure, ai = bcg[, 1], bi = bcg[, 2], ci = bcg[, 3], di = bcg[, 4])
  R[[paste0("bcg_", measure)]] <- run(as.vector(e$yi), as.vector(e$vi))
}
R$two_studies <- run(c(0.2, 0.5), c(0.04, 0.09))
R$two_apart <- run(c(-1, 1.5), c(0.04, 0.09))
R$homogeneous <- run(c(0.31, 0.29, 0.33, 0.27, 0.30, 0.32), c(0.05, 0.02, 0.07, 0.03, 0.04, 0.06))
R$one_giant <- run(c(0.1, 0.9, -0.4, 0.6), c(1e-5, 0.2, 0.3, 0.25))
R$session <- list(R = R.version.string, metafor = as.character(packageVersion("metafor")), jsonlite = as.character(packageVersion("jsonlite")))
write_json(R, "pool.json", digits = I(17), auto_unbox = TRUE, na = "null")
cat("wrote pool.json\n")
