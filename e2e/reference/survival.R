# Reference results for the survival estimators of the `stats` crate.
#
# Run from this folder: Rscript survival.R   (Debian: r-base-core, r-cran-survival, r-cran-jsonlite)
# Writes survival.json: the input columns (data sets of R's survival package, rows with missing values left out, rows
# shuffled) and results with 17 significant digits, with the versions that made them.
suppressMessages({
  library(survival)
  library(jsonlite)
})
set.seed(20261122)

plain <- function(x) if (is.null(x)) NULL else unname(as.vector(x))
# a deterministic shuffle, so that no estimator can rely on sorted rows
shuffled <- function(d) d[order((seq_len(nrow(d)) * 7919) %% 10007), , drop = FALSE]
with_weights <- function(d) {
  i <- seq_len(nrow(d))
  d$whole <- 1 + (i * 5) %% 3
  d$fraction <- (1 + (i * 11) %% 13) / 4
  d
}

data <- list()
# lung, with months for ties, a made-up late entry, and an institution as cluster
d <- na.omit(lung[, c("inst", "time", "status", "age", "sex", "ph.ecog", "ph.karno", "wt.loss")])
d$event <- d$status - 1
d$status <- NULL
d$month <- ceiling(d$time / 30.4375)
d$entry <- ifelse(seq_len(nrow(d)) %% 3 == 0, 0, floor(d$month * ((seq_len(nrow(d)) * 13) %% 7) / 10))
d$entry_day <- floor(d$time * ((seq_len(nrow(d)) * 17) %% 9) / 12)
d$constant <- 3.7
d$total <- d$age + 2 * d$ph.ecog
data$lung <- with_weights(shuffled(d))

# everybody in lung, for weights.py
data$lung_all <- data.frame(time = lung$time, event = lung$status - 1, sex = lung$sex)

d <- veteran
d$event <- d$status
d$celltype <- factor(d$celltype, levels = c("squamous", "smallcell", "adeno", "large"))
d$cell <- as.integer(d$celltype) - 1
d$arm <- d$trt - 1
d$smallcell <- as.integer(d$celltype == "smallcell")
d$adeno <- as.integer(d$celltype == "adeno")
d$large <- as.integer(d$celltype == "large")
data$veteran <- with_weights(shuffled(d))

d <- na.omit(colon[, c("id", "rx", "sex", "age", "nodes", "extent", "etype", "time", "status")])
d$event <- d$status
d$arm <- as.integer(d$rx) - 1
d$lev <- as.integer(d$rx == "Lev")
d$lev5fu <- as.integer(d$rx == "Lev+5FU")
data$colon <- shuffled(d)

d <- rotterdam
d$event <- pmax(d$recur, d$death)
d$time <- with(d, ifelse(recur == 1, rtime, dtime))
d$size <- as.integer(d$size)
data$rotterdam <- shuffled(d[, c("time", "event", "hormon", "chemo", "age", "meno", "size", "grade", "nodes", "pgr", "er")])

d <- gbsg
d$time <- d$rfstime
d$event <- d$status
data$gbsg <- shuffled(d[, c("time", "event", "hormon", "age", "meno", "size", "grade", "nodes", "pgr", "er")])

d <- heart
d$transplant <- as.integer(d$transplant) - 1
data$heart <- with_weights(shuffled(d))

# small awkward ones: time zero, an emptied risk set, a curve that is flat at one half, times that differ by rounding
data$zero <- data.frame(time = c(2, 0, 1, 0, 4, 3), event = c(1, 1, 1, 0, 1, 0), g = c(0, 0, 1, 1, 0, 1))
data$emptied <- data.frame(entry = c(0, 0, 1, 5, 6, 6), time = c(2, 3, 4, 8, 9, 12), event = c(1, 1, 1, 1, 1, 0))
data$flat <- data.frame(time = c(1, 2, 3, 4, 5, 6, 7, 8), event = c(1, 1, 1, 1, 0, 0, 1, 1))
data$ends_at_half <- data.frame(time = c(1, 2, 3, 4), event = c(1, 1, 0, 0))
s <- cumsum(rep(0.1, 12))
data$rounding <- data.frame(time = c(s, seq_len(12) / 10), event = rep(c(1, 0, 1), 8), x = rep(c(0, 1, 1, 0, 2, 1), 4), g = rep(0:1, 12))
data$uncensored <- data.frame(time = c(5, 3, 8, 1, 2, 9), event = rep(1, 6))

thin <- function(n) if (n <= 250) seq_len(n) else sort(unique(c(1:20, seq(1, n, by = 23), (n - 10):n)))

surv_left <- function(spec) {
  if (is.null(spec$entry)) sprintf("Surv(%s, %s)", spec$time, spec$event) else sprintf("Surv(%s, %s, %s)", spec$entry, spec$time, spec$event)
}
spec_of <- function(set, time = "time", event = "event", entry = NULL, group = NULL, strata = NULL, weight = NULL, cluster = NULL) {
  Filter(Negate(is.null), list(set = set, time = time, event = event, entry = entry, group = group, strata = strata, weight = weight, cluster = cluster))
}
fit_with <- function(f, spec, rhs, ...) {
  d <<- data[[spec$set]]
  args <- list(formula = as.formula(paste(surv_left(spec), "~", rhs), env = globalenv()), data = quote(d), ...)
  if (!is.null(spec$weight)) args$weights <- as.name(spec$weight)
  if (!is.null(spec$cluster)) args$cluster <- as.name(spec$cluster)
  do.call(f, args)
}

curve_case <- function(..., conf = "log-log", times = NULL, tau = NULL, level = 0.95) {
  spec <- spec_of(...)
  f <- fit_with("survfit", spec, if (is.null(spec$group)) "1" else spec$group, conf.type = conf, conf.int = level)
  n_curves <- if (is.null(f$strata)) 1 else length(f$strata)
  curves <- lapply(seq_len(n_curves), function(i) {
    g <- if (is.null(f$strata)) f else f[i]
    std.err <- if (isTRUE(f$logse)) g$std.err * g$surv else g$std.err
    k <- thin(length(g$time))
    q <- sapply(c(0.25, 0.5, 0.75), function(p) unlist(quantile(g, p)))
    o <- list(n_steps = length(g$time), index = k - 1, time = g$time[k], n_at_risk = g$n.risk[k], n_events = g$n.event[k], n_censored = g$n.censor[k],
      survival = g$surv[k], std_err = std.err[k], lower = g$lower[k], upper = g$upper[k],
      cumulative_hazard = g$cumhaz[k], cumulative_hazard_std_err = g$std.chaz[k],
      quantiles = list(share = c(0.25, 0.5, 0.75), time = q[1, ], lower = q[2, ], upper = q[3, ]))
    if (!is.null(times)) {
      s <- summary(g, times = times, extend = TRUE)
      o$at <- list(time = s$time, n_at_risk = s$n.risk, survival = s$surv, std_err = s$std.err, lower = s$lower, upper = s$upper)
    }
    if (!is.null(tau)) {
      o$restricted_mean <- lapply(tau, function(t) {
        r <- summary(g, rmean = t)$table
        list(tau = t, value = r[["rmean"]], std_err = r[["se(rmean)"]])
      })
    }
    lapply(o, function(x) if (is.list(x)) x else plain(x))
  })
  c(spec, list(conf = conf, level = level, curves = curves))
}

test_case <- function(..., rho = 0) {
  spec <- spec_of(...)
  s <- fit_with("survdiff", spec, paste(c(spec$group, if (!is.null(spec$strata)) sprintf("strata(%s)", spec$strata)), collapse = " + "), rho = rho)
  sums <- function(m) if (is.matrix(m)) rowSums(m) else m
  df <- sum(sums(s$exp) > 0) - 1
  c(spec, list(rho = rho, observed = plain(sums(s$obs)), expected = plain(sums(s$exp)), variance = unname(s$var), chi2 = s$chisq, df = df,
    p = pchisq(s$chisq, df, lower.tail = FALSE)))
}

zph <- function(f, transform, terms) {
  z <- cox.zph(f, transform = transform, terms = terms)
  list(transform = transform, chi2 = plain(z$table[, "chisq"]), df = plain(z$table[, "df"]), p = plain(z$table[, "p"]))
}

# covariates: names of columns; terms: indices (from 0) of the columns of each term, where R's formula has factors
cox_case <- function(..., covariates, formula = NULL, terms = NULL, ties = "efron", diagnostics = TRUE, residuals = FALSE) {
  spec <- spec_of(...)
  rhs <- if (is.null(formula)) paste(covariates, collapse = " + ") else formula
  if (!is.null(spec$strata)) rhs <- paste(rhs, sprintf("+ strata(%s)", spec$strata))
  f <- fit_with("coxph", spec, rhs, ties = ties)
  s <- summary(f)
  m <- s$coefficients
  known <- !is.na(coef(f))
  robust <- "robust se" %in% colnames(m)
  o <- list(covariates = I(covariates), ties = ties, n = s$n, n_events = s$nevent,
    coef = plain(coef(f)), std_err = plain(m[, "se(coef)"]), z = plain(m[, "z"]), p = plain(m[, "Pr(>|z|)"]),
    lower = plain(s$conf.int[, 3]), upper = plain(s$conf.int[, 4]), log_likelihood = f$loglik, n_iterations = f$iter,
    likelihood_ratio = s$logtest[["test"]], score = f$score, wald = plain(f$wald.test), df = s$logtest[["df"]],
    concordance = unname(s$concordance[1]), concordance_std_err = unname(s$concordance[2]),
    variance = unname(vcov(f, complete = TRUE)), centers = plain(f$means))
  if (robust) {
    o$robust_std_err <- plain(m[, "robust se"])
    o$robust_score <- f$rscore
  }
  if (!is.null(terms)) o$terms <- lapply(terms, function(t) I(t))
  if (diagnostics) {
    o$proportional_hazards <- list(zph(f, "km", !is.null(terms)), zph(f, "identity", !is.null(terms)))
    b <- basehaz(f)
    b0 <- basehaz(f, centered = FALSE)
    events <- c(TRUE, diff(b$hazard) != 0) & b$hazard > 0
    k <- which(events)
    k <- k[thin(length(k))]
    o$baseline <- list(time = b$time[k], at_center = b$hazard[k], at_zero = b0$hazard[k])
    if (!is.null(spec$strata)) o$baseline$stratum <- as.integer(sub(".*=", "", as.character(b$strata[k])))
  }
  if (residuals) {
    z <- cox.zph(f, transform = "rank", terms = !is.null(terms))
    o$proportional_hazards <- c(o$proportional_hazards, list(zph(f, "rank", !is.null(terms)), zph(f, "log", !is.null(terms))))
    o$scaled_schoenfeld <- list(time = plain(z$time), transformed_time = plain(z$x), values = unname(z$y))
    o$schoenfeld <- unname(as.matrix(residuals(f, "schoenfeld")))
    o$score_residuals <- unname(as.matrix(residuals(f, "score")))
    o$dfbeta <- unname(as.matrix(residuals(f, "dfbeta", weighted = TRUE)))
    o$linear_predictors <- plain(f$linear.predictors)
  }
  c(spec, o)
}

curves <- list(
  curve_case("lung", times = c(0, 90, 180.5, 365, 730, 2000), tau = c(15, 365, 730, 1500)),
  curve_case("lung", group = "sex", times = c(90, 365), tau = c(365, 730)),
  curve_case("lung", group = "sex", conf = "log", times = c(0, 90, 365, 1100)),
  curve_case("lung", group = "sex", conf = "plain"),
  curve_case("lung", group = "sex", level = 0.9),
  curve_case("lung", time = "month", group = "ph.ecog"),
  curve_case("lung", time = "month", weight = "whole", tau = c(12)),
  curve_case("lung", time = "month", weight = "fraction", group = "sex", tau = c(12)),
  curve_case("lung", time = "month", weight = "fraction", conf = "plain"),
  curve_case("lung", time = "month", weight = "whole", cluster = "inst"),
  curve_case("lung", time = "month", cluster = "inst", group = "sex"),
  curve_case("lung", time = "month", entry = "entry", tau = c(12)),
  curve_case("lung", time = "month", entry = "entry", group = "sex", weight = "fraction"),
  curve_case("lung", time = "month", entry = "entry", weight = "whole", conf = "log"),
  curve_case("lung", entry = "entry_day", cluster = "inst"),
  curve_case("veteran", group = "arm", tau = c(180)),
  curve_case("veteran", group = "cell", conf = "log"),
  curve_case("colon", group = "arm", tau = c(1825)),
  curve_case("colon", group = "arm", cluster = "id"),
  curve_case("rotterdam", group = "hormon", times = c(1000, 3000), tau = c(1825)),
  curve_case("gbsg", group = "hormon", times = c(365, 1825), tau = c(1825)),
  curve_case("heart", entry = "start", time = "stop", group = "transplant"),
  curve_case("zero", tau = c(3)), curve_case("zero", group = "g", conf = "log"), curve_case("zero", conf = "plain"),
  curve_case("emptied", entry = "entry", tau = c(10)), curve_case("emptied", entry = "entry", conf = "plain"),
  curve_case("flat"), curve_case("flat", conf = "plain"), curve_case("ends_at_half", conf = "log"),
  curve_case("rounding"), curve_case("uncensored", conf = "log", tau = c(20)), curve_case("uncensored")
)

tests <- list(
  test_case("lung_all", group = "sex"), test_case("lung_all", group = "sex", rho = 1),
  test_case("lung", group = "sex"), test_case("lung", group = "sex", rho = 1), test_case("lung", group = "sex", rho = 0.5),
  test_case("lung", group = "ph.ecog"), test_case("lung", time = "month", group = "ph.ecog", rho = 1),
  test_case("lung", group = "sex", strata = "ph.ecog"), test_case("lung", time = "month", group = "ph.ecog", strata = "sex", rho = 1),
  test_case("lung", time = "month", group = "sex", strata = "inst"),
  test_case("veteran", group = "arm"), test_case("veteran", group = "cell"), test_case("veteran", group = "cell", strata = "arm", rho = 1),
  test_case("colon", group = "arm"), test_case("colon", group = "arm", strata = "etype"),
  test_case("rotterdam", group = "chemo"), test_case("rotterdam", group = "hormon", strata = "grade"),
  test_case("gbsg", group = "hormon"), test_case("gbsg", group = "hormon", rho = 1), test_case("zero", group = "g"), test_case("rounding", group = "g")
)

grid <- expand.grid(ties = c("efron", "breslow"), entry = c(FALSE, TRUE), strata = c(FALSE, TRUE), weight = c("", "whole", "fraction"), cluster = c(FALSE, TRUE), stringsAsFactors = FALSE)
cox <- lapply(seq_len(nrow(grid)), function(i) {
  g <- grid[i, ]
  cox_case("lung", time = "month", entry = if (g$entry) "entry", strata = if (g$strata) "sex", weight = if (g$weight != "") g$weight,
    cluster = if (g$cluster) "inst", covariates = if (g$strata) c("age", "ph.ecog") else c("age", "sex", "ph.ecog"), ties = g$ties)
})
cox <- c(cox, list(
  cox_case("lung", covariates = "sex", residuals = TRUE),
  cox_case("lung", time = "month", covariates = c("age", "sex", "wt.loss"), strata = "ph.ecog", entry = "entry", weight = "fraction", residuals = TRUE),
  cox_case("lung", covariates = c("age", "sex", "ph.ecog", "ph.karno", "wt.loss"), ties = "breslow", residuals = TRUE),
  cox_case("lung", covariates = c("age", "constant", "ph.ecog", "total", "sex"), diagnostics = FALSE),
  cox_case("veteran", covariates = c("arm", "smallcell", "adeno", "large", "karno", "diagtime", "age", "prior"),
    formula = "arm + celltype + karno + diagtime + age + prior", terms = list(0, 1:3, 4, 5, 6, 7), residuals = TRUE),
  cox_case("veteran", covariates = c("arm", "smallcell", "adeno", "large", "karno"), formula = "arm + celltype + karno", terms = list(0, 1:3, 4), ties = "breslow"),
  cox_case("colon", covariates = c("lev", "lev5fu", "age", "sex", "nodes", "extent"), formula = "rx + age + sex + nodes + extent", terms = list(0:1, 2, 3, 4, 5)),
  cox_case("colon", covariates = c("lev", "lev5fu"), strata = "etype", cluster = "id", diagnostics = FALSE),
  cox_case("rotterdam", covariates = c("hormon", "chemo", "age", "meno", "size", "grade", "nodes", "pgr", "er")),
  cox_case("rotterdam", covariates = c("hormon", "chemo", "age", "meno", "size", "grade", "nodes", "pgr", "er"), ties = "breslow"),
  cox_case("gbsg", covariates = c("hormon", "age", "meno", "size", "grade", "nodes", "pgr", "er")),
  cox_case("gbsg", covariates = "hormon", strata = "grade", ties = "breslow"),
  cox_case("heart", entry = "start", time = "stop", covariates = c("age", "year", "surgery", "transplant")),
  cox_case("heart", entry = "start", time = "stop", covariates = c("age", "year", "surgery", "transplant"), ties = "breslow", cluster = "id"),
  cox_case("heart", entry = "start", time = "stop", covariates = c("age", "year"), strata = "transplant", weight = "fraction", residuals = TRUE),
  cox_case("rounding", covariates = "x", diagnostics = FALSE), cox_case("zero", covariates = "g", diagnostics = FALSE)
))

columns <- lapply(data, function(d) lapply(d[, sapply(d, is.numeric), drop = FALSE], plain))
used <- unique(unlist(lapply(c(curves, tests, cox), function(x) paste(x$set, c(x$time, x$event, x$entry, x$group, x$strata, x$weight, x$cluster, x$covariates)))))
columns <- lapply(setNames(names(columns), names(columns)), function(n) columns[[n]][paste(n, names(columns[[n]])) %in% used])
result <- list(
  session = list(r = R.version.string, survival = as.character(packageVersion("survival")), jsonlite = as.character(packageVersion("jsonlite"))),
  data = columns, curves = curves, tests = tests, cox = cox
)
write_json(result, "survival.json", digits = I(17), auto_unbox = TRUE, na = "null", null = "null")
cat("survival.json:", file.size("survival.json"), "bytes\n")
