# R's survival on the same kind of data as shared/stats/examples/speed.rs, for the ratios: 1,000,000 rows.
suppressMessages(library(survival))
set.seed(1)
n <- 1e6
x <- matrix(runif(n * 11) - 0.5, n)
colnames(x) <- paste0("x", 1:11)
arm <- rbinom(n, 1, 0.5)
t <- rexp(n) * 1500 / exp(0.5 * x[, 1] - 0.3 * x[, 2] + 0.2 * arm)
c <- runif(n) * 3000
d <- data.frame(days = ceiling(pmin(t, c)), event = as.integer(t <= c), arm, x)
line <- function(what, seconds) cat(sprintf('{"where":"R %s, survival %s","what":"%s","ms":%.0f}\n', getRversion(), packageVersion("survival"), what, 1000 * seconds))
s <- system.time({
  f <- survfit(Surv(days, event) ~ arm, d, conf.type = "log-log")
  l <- survdiff(Surv(days, event) ~ arm, d)
})[["elapsed"]]
line("Kaplan-Meier by arm with intervals and log-rank, whole days, 1,000,000 rows", s)
s <- system.time(f <- coxph(reformulate(colnames(x), "Surv(days, event)"), d))[["elapsed"]]
line("Cox, 11 covariates, Efron, 1,000,000 rows", s)
