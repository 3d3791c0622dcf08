# Reference numbers for shared/stats: distributions, two-by-two tables, summaries, balance, logistic regression, weights.
# Run from this folder: Rscript tables.R    (apt: r-base-core r-cran-jsonlite)
suppressMessages(library(jsonlite))
R <- list()

# ---- distribution functions, far tails included
x <- c(-37, -20, -8, -5.7, -5, -1.96, -0.5, -1e-3, 0, 1e-8, 0.3, 0.67, 0.68, 1, 2.5, 5.6, 5.7, 8.2)
R$normal <- list(x = x, cdf = pnorm(x), sf = pnorm(x, lower.tail = FALSE))
p <- c(1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.01, 0.07, 0.075, 0.3, 0.5, 0.77, 0.95, 0.975, 0.9999)
R$normal_quantile <- list(p = p, x = qnorm(p))
g <- expand.grid(x = c(1e-6, 0.01, 0.5, 1, 3.84, 10, 50, 152.233008082373, 700, 1200), df = c(0.5, 1, 2, 3, 7, 12.5, 100, 1000, 1e5))
R$chi2 <- list(x = g$x, df = g$df, cdf = pchisq(g$x, g$df), sf = pchisq(g$x, g$df, lower.tail = FALSE))
g <- expand.grid(p = c(1e-10, 1e-3, 0.025, 0.5, 0.9, 0.975, 0.999), df = c(0.5, 1, 2, 5, 12, 100, 5000))
R$chi2_quantile <- list(p = g$p, df = g$df, x = qchisq(g$p, g$df))
# R's own pt loses digits beyond 4e5 degrees of freedom: the grid stays below
g <- expand.grid(t = c(0, 1e-5, 0.1, 1, 1.96, 4, 12, 60, 1e4), df = c(0.7, 1, 2, 3, 12, 29.5, 200, 1e4, 1e10))
R$t <- list(t = g$t, df = g$df, sf = pt(g$t, g$df, lower.tail = FALSE))
g <- expand.grid(p = c(1e-12, 1e-4, 0.025, 0.3, 0.49, 0.6, 0.975), df = c(0.7, 1, 2, 3, 12, 200, 1e10))
R$t_quantile <- list(p = g$p, df = g$df, x = qt(g$p, g$df))
g <- expand.grid(f = c(1e-3, 0.5, 1, 2.7, 10, 200), df1 = c(1, 2, 5, 40), df2 = c(1, 3, 11, 500))
R$f <- list(f = g$f, df1 = g$df1, df2 = g$df2, sf = pf(g$f, g$df1, g$df2, lower.tail = FALSE))
g <- expand.grid(p = c(0.001, 0.025, 0.5, 0.975), a = c(0.5, 1, 3, 120), b = c(0.5, 2, 45, 3000))
R$beta_quantile <- list(p = g$p, a = g$a, b = g$b, x = qbeta(g$p, g$a, g$b))
x <- c(1e-10, 0.01, 0.3, 0.5, 0.9, 1, 1.4999, 1.6, 2, 2.5, 3, 7.7, 14.9, 15, 171, 1e5, 1e12)
R$ln_gamma <- list(x = x, y = lgamma(x))

# ---- two-by-two tables: rows exposed/unexposed, columns event/no event
wilson <- function(x, n, z) { p <- x / n; zapsmall <- function(v) ifelse(abs(v) < 1e-15, 0, v); zapsmall((p + z^2 / 2 / n + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / 4 / n^2)) / (1 + z^2 / n)) }
two_by_two <- function(a, b, c, d, level = 0.95) {
  m <- matrix(c(a, b, c, d), 2, byrow = TRUE); z <- qnorm(1 - (1 - level) / 2); n1 <- a + b; n0 <- c + d; p1 <- a / n1; p0 <- c / n0
  rr <- function(a, b, c, d) { l <- log((a / (a + b)) / (c / (c + d))); s <- sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)); list(estimate = exp(l), lower = exp(l - z * s), upper = exp(l + z * s), ln_std_err = s) }
  or <- function(a, b, c, d) { l <- log(a * d / b / c); s <- sqrt(1 / a + 1 / b + 1 / c + 1 / d); list(estimate = exp(l), lower = exp(l - z * s), upper = exp(l + z * s), ln_std_err = s) }
  h <- 0.5 * (a == 0 || c == 0); k <- 0.5 * any(m == 0); w1 <- wilson(a, n1, z); w0 <- wilson(c, n0, z); rd <- p1 - p0; s <- sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
  x <- suppressWarnings(chisq.test(m, correct = FALSE))
  list(cells = c(a, b, c, d), level = level, risk_ratio = rr(a + h, b + h, c + h, d + h), odds_ratio = or(a + k, b + k, c + k, d + k),
    risk_difference = list(estimate = rd, newcombe = c(rd - sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), rd + sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2)), wald = rd + c(-1, 1) * z * s),
    wilson1 = w1, wilson0 = w0, clopper1 = as.vector(binom.test(a, n1, conf.level = level)$conf.int), clopper0 = as.vector(binom.test(c, n0, conf.level = level)$conf.int),
    fisher_p = fisher.test(m)$p.value, chi2 = unname(x$statistic), chi2_p = x$p.value, smallest_expected = min(x$expected), nnt = 1 / abs(rd))
}
R$two_by_two <- list(two_by_two(3, 1, 1, 3), two_by_two(1, 11, 9, 3), two_by_two(8, 2, 1, 5), two_by_two(0, 10, 5, 7), two_by_two(4, 119, 11, 128),
  two_by_two(505, 87886, 499, 87892), two_by_two(15, 985, 30, 970, 0.9), two_by_two(10, 0, 7, 3), two_by_two(120, 4880, 160, 4840, 0.99), two_by_two(1200, 48800, 100, 900))

# ---- summaries, standardized differences: a made-up cohort, rounded so that JSON carries it exactly
set.seed(20240229); n <- 240
treated <- as.integer(runif(n) < 0.4)
age <- round(rnorm(n, 60 + 4 * treated, 9), 1); marker <- round(exp(rnorm(n, 0.3 * treated, 1)), 3); marker[c(5, 77, 78, 199)] <- NA
sex <- as.integer(runif(n) < 0.5 + 0.1 * treated); stage <- sample(0:3, n, TRUE, prob = c(4, 3, 2, 1)); stage[treated == 1 & stage == 0 & runif(n) < 0.5] <- 2L
weight <- round(runif(n, 0.2, 4), 2); whole_weight <- sample(1:4, n, TRUE)
R$cohort <- list(treated = treated, age = age, marker = marker, sex = sex, stage = stage, weight = weight, whole_weight = whole_weight)
q <- function(x) unname(quantile(x, c(0.25, 0.5, 0.75), na.rm = TRUE))
describe <- function(x) list(n = sum(!is.na(x)), missing = sum(is.na(x)), mean = mean(x, na.rm = TRUE), sd = sd(x, na.rm = TRUE), quartiles = q(x), min = min(x, na.rm = TRUE), max = max(x, na.rm = TRUE))
R$describe <- list(age = describe(age), marker = describe(marker), age_whole_weights = describe(rep(age, whole_weight)))
# Hmisc's wtd.mean, wtd.var and wtd.quantile(type = "quantile"), written out
wtd <- function(x, w) { k <- !is.na(x); x <- x[k]; w <- w[k]; m <- sum(w * x) / sum(w); o <- order(x); cw <- cumsum(w[o]); W <- sum(w); h <- 1 + (W - 1) * c(0.25, 0.5, 0.75); lo <- pmax(floor(h), 1); hi <- pmin(lo + 1, W); f <- h %% 1
  at <- function(v) approx(cw, x[o], xout = v, method = "constant", f = 1, rule = 2)$y; list(mean = m, sd = sqrt(sum(w * (x - m)^2) / (W - 1)), quartiles = (1 - f) * at(lo) + f * at(hi)) }
R$describe_weighted <- list(age = wtd(age, weight), marker = wtd(marker, weight))
wm <- function(x, w) sum(w * x) / sum(w); wv <- function(x, w) { m <- wm(x, w); sum(w * (x - m)^2) / (sum(w) - sum(w^2) / sum(w)) }
T <- treated == 1; pooled <- function(x) sqrt((var(x[T], na.rm = TRUE) + var(x[!T], na.rm = TRUE)) / 2)
k <- !is.na(marker); bin <- function(p, q) (p - q) / sqrt((mean(sex[T]) * (1 - mean(sex[T])) + mean(sex[!T]) * (1 - mean(sex[!T]))) / 2)
share <- function(g, w = rep(1, n)) sapply(0:3, function(l) sum(w[g & stage == l]) / sum(w[g]))
yd <- function(a, b, a0, b0) { a <- a[-1]; b <- b[-1]; a0 <- a0[-1]; b0 <- b0[-1]; S <- -(outer(a0, a0) + outer(b0, b0)) / 2; diag(S) <- (a0 * (1 - a0) + b0 * (1 - b0)) / 2; as.numeric(sqrt(t(a - b) %*% solve(S) %*% (a - b))) }
R$smd <- list(age = (mean(age[T]) - mean(age[!T])) / pooled(age), age_target_sd = (mean(age[T]) - mean(age[!T])) / sd(age[T]), age_weighted = (wm(age[T], weight[T]) - wm(age[!T], weight[!T])) / pooled(age),
  marker = (mean(marker[T], na.rm = TRUE) - mean(marker[!T], na.rm = TRUE)) / pooled(marker), sex = bin(mean(sex[T]), mean(sex[!T])), sex_weighted = bin(wm(sex[T], weight[T]), wm(sex[!T], weight[!T])),
  stage_share_treated = share(T), stage_share_control = share(!T), stage_share_treated_weighted = share(T, weight), stage_share_control_weighted = share(!T, weight),
  stage = yd(share(T), share(!T), share(T), share(!T)), stage_weighted = yd(share(T, weight), share(!T, weight), share(T), share(!T)),
  variance_ratio_age = var(age[T]) / var(age[!T]), variance_ratio_age_weighted = wv(age[T], weight[T]) / wv(age[!T], weight[!T]))

# ---- logistic regression and what follows from the score
g <- function(f) { s <- summary(f)$coefficients; b <- coef(f); list(terms = names(b), coef = unname(b), std_err = unname(s[match(names(b), rownames(s)), 2]), z = unname(s[match(names(b), rownames(s)), 3]), p = unname(s[match(names(b), rownames(s)), 4]), log_likelihood = as.numeric(logLik(f)), deviance = f$deviance, null_deviance = f$null.deviance) }
s1 <- as.integer(stage == 1); s2 <- as.integer(stage == 2); s3 <- as.integer(stage == 3); age2 <- age^2
f <- glm(treated ~ age + age2 + sex + s1 + s2 + s3, binomial); R$logistic <- g(f)
R$logistic_weighted <- g(suppressWarnings(glm(treated ~ age + sex, binomial, weights = weight)))
R$logistic_aliased <- g(glm(treated ~ age + I(2 * age - 3) + sex, binomial))
e <- fitted(f); r <- rank(e); n1 <- sum(T); n0 <- sum(!T); P <- mean(T); F <- plogis(qlogis(e) - qlogis(P)); ess <- function(w) sum(w)^2 / sum(w^2)
weights <- list(ate = ifelse(T, 1 / e, 1 / (1 - e)), ate_stabilized = ifelse(T, P / e, (1 - P) / (1 - e)), att = ifelse(T, 1, e / (1 - e)), ato = ifelse(T, 1 - e, e))
lim <- quantile(weights$ate, c(0.01, 0.99)); weights$ate_truncated <- pmin(pmax(weights$ate, lim[1]), lim[2])
R$propensity <- list(auc = (sum(r[T]) - n1 * (n1 + 1) / 2) / n1 / n0, auc_tied = { r <- rank(sex); (sum(r[T]) - n1 * (n1 + 1) / 2) / n1 / n0 }, score = unname(e), preference = unname(F), equipoise = mean(F >= 0.3 & F <= 0.7),
  weights = lapply(weights, function(w) list(sum = sum(w), sum_squares = sum(w^2), ess_treated = ess(w[T]), ess_control = ess(w[!T]))))

R$session <- list(R = R.version.string, jsonlite = as.character(packageVersion("jsonlite")))
write_json(R, "tables.json", digits = I(17), auto_unbox = TRUE, na = "null")
cat("wrote tables.json\n")
