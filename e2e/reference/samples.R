# Exports the real samples that Rounds ships, from R's survival package (LGPL >= 2).
# Run in this folder: Rscript samples.R   (cargo xtask reference does)
#
# rotterdam gets two derived columns, as in its help page: recurrence-free survival is the time to recurrence or death,
#   status = pmax(recur, death), rfstime = rtime if recurrence came, else dtime
# so that the question asked of gbsg (rfstime, status) can be asked of it as well. Nothing else is changed.
suppressMessages(library(survival))
out <- "../../public/samples"
dir.create(out, showWarnings = FALSE, recursive = TRUE)

d <- rotterdam
d$rfstime <- ifelse(d$recur == 1, d$rtime, d$dtime)
d$status <- pmax(d$recur, d$death)
write.csv(d, file.path(out, "rotterdam.csv"), row.names = FALSE, na = "", quote = FALSE)
write.csv(gbsg, file.path(out, "gbsg.csv"), row.names = FALSE, na = "", quote = FALSE)

writeLines(c(
  "# The real samples",
  "",
  paste0("Exported by e2e/reference/samples.R with ", R.version.string, " and survival ", packageVersion("survival"), "."),
  "The R package survival is licensed LGPL-2.0-or-later; these data come with it under that licence.",
  "",
  "- rotterdam.csv: 2,982 primary breast cancers from the Rotterdam tumour bank; columns rfstime and status are derived",
  "  (see the script), all others are the package's own.",
  "- gbsg.csv: 686 node-positive breast cancers of the German Breast Cancer Study Group trial 1984-1989.",
  "",
  "Source of both: P. Royston and D. Altman, External validation of a Cox prognostic model: principles and methods,",
  "BMC Medical Research Methodology 2013, 13:33."
), file.path(out, "README.md"))
