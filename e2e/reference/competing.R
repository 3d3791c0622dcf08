# Reference numbers for shared/stats/src/survival/{cumulative_incidence,gray}.rs.
# Run from this folder: Rscript competing.R    (apt: r-cran-cmprsk r-cran-survival r-cran-jsonlite)
suppressMessages({ library(survival); library(cmprsk); library(jsonlite) })

# The cause that ended each duration (0 censored), in groups and strata.
run <- function(time, cause, group = NULL, strata = NULL) {
  o <- list(time = time, cause = as.integer(cause))
  if (!is.null(group)) o$group <- as.integer(factor(group)) - 1L
  if (!is.null(strata)) o$strata <- as.integer(factor(strata))
  f <- if (is.null(group)) cuminc(time, cause) else if (is.null(strata)) cuminc(time, cause, group) else cuminc(time, cause, group, strata)
  names <- setdiff(names(f), "Tests")
  # cuminc names a curve by group and cause and orders causes first
  o$curves <- lapply(seq_along(names), function(i) {
    curve <- f[[names[i]]]
    last <- !duplicated(curve$time, fromLast = TRUE)
    list(name = names[i], time = curve$time[last], estimate = curve$est[last], variance = curve$var[last])
  })
  if (!is.null(f$Tests)) o$gray <- lapply(seq_len(nrow(f$Tests)), function(i) list(cause = as.integer(rownames(f$Tests)[i]), chi2 = f$Tests[i, "stat"], p = f$Tests[i, "pv"], df = f$Tests[i, "df"]))
  o
}
R <- list()
d <- mgus2[order(mgus2$id), ]
time <- with(d, ifelse(pstat == 0, futime, ptime))
cause <- with(d, ifelse(pstat == 1, 1, ifelse(death == 1, 2, 0)))
first <- seq_len(nrow(d)) <= 500
R$mgus2_sex <- run(time[first], cause[first], d$sex[first])
R$mgus2_all <- run(time[first], cause[first])
R$mgus2_age_strata <- run(time[first], cause[first], cut(d$age[first], c(0, 60, 70, 80, 120)), d$sex[first])
p <- pbc[!is.na(pbc$trt), ]
R$pbc_trt <- run(p$time, p$status, p$trt)
t <- transplant
R$transplant_abo <- run(t$futime, match(t$event, c("censored", "ltx", "death", "withdraw")) - 1, t$abo)
# many ties, an event at time 0, a group whose last row has the event, another that ends censored
R$ties <- run(c(0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6), c(1, 1, 1, 2, 1, 2, 0, 2, 0, 1, 1, 2, 2, 0, 1, 2), rep(c(1, 2), 8))
R$session <- list(R = R.version.string, cmprsk = as.character(packageVersion("cmprsk")), survival = as.character(packageVersion("survival")))
write_json(R, "competing.json", digits = I(17), auto_unbox = TRUE, na = "null")
cat("wrote competing.json\n")
