# R's survival on the data that shared/stats/examples/speed.rs made, for the ratios: Rscript survival.R FILE ROWS.
# The answers are compared with ours by `cargo xtask bench`, in the order that speed.rs gives them.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
n <- as.integer(arguments[2])
names <- c("days", "times", "event", "arm", paste0("x", 1:11))
d <- as.data.frame(matrix(readBin(arguments[1], "double", n * length(names), endian = "little"), n))
colnames(d) <- names
where <- sprintf("R %s, survival %s", getRversion(), packageVersion("survival"))
line <- function(name, time, answers) {
  cat(sprintf('{"where":"%s","name":"%s","rows":%d,"ms":%.0f,"cpu_ms":%.0f,"answers":[%s]}\n', where, name, n,
              1000 * time[["elapsed"]], 1000 * (time[["user.self"]] + time[["sys.self"]]),
              paste(sprintf("%.17g", answers), collapse = ",")))
}
curves <- function(name, y) {
  time <- system.time({
    f <- survfit(y ~ arm, d, conf.type = "log-log")
    l <- survdiff(y ~ arm, d)
    median <- quantile(f, 0.5)
    mean <- summary(f, rmean = 1825)$table[, c("rmean", "se(rmean)")]
  })
  arms <- rep(seq_along(f$strata), f$strata)
  read_off <- sapply(1:2, function(k) c(median$quantile[k], median$lower[k], median$upper[k], mean[k, ]))
  steps <- sapply(1:2, function(k) sapply(list(f$surv, f$lower, f$upper), function(v) sum(v[arms == k], na.rm = TRUE)))
  line(name, time, c(l$chisq, read_off, steps))
}
curves("kaplan_meier_log_rank_days", Surv(d$days, d$event))
curves("kaplan_meier_log_rank_times", Surv(d$times, d$event))
cox <- function(name, time_column) {
  formula <- reformulate(paste0("x", 1:11), sprintf("Surv(%s, event)", time_column))
  time <- system.time(f <- coxph(formula, d))
  line(name, time, c(f$loglik, coef(f), sqrt(diag(vcov(f))), f$concordance[c("concordance", "std")]))
}
cox("cox_efron_with_concordance_days", "days")
cox("cox_efron_with_concordance_times", "times")
