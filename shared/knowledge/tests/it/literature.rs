//! Citations in every format, in the ways of their makers: what is read, what is counted, what is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use knowledge::literature::{CitationReader, CitationsRead, LiteratureError};
use model::citation::{CITATION_SCHEMA_VERSION, Citation, CitationFormat, Retraction};

fn try_read(files: &[(&str, &str)]) -> Result<CitationsRead, LiteratureError> {
    let mut reader = CitationReader::new(None);
    for (name, text) in files {
        reader.begin(name);
        reader.push(text.as_bytes())?;
        reader.end()?;
    }
    Ok(reader.finish())
}

fn read(text: &str) -> CitationsRead {
    let read = try_read(&[("file", text)]).unwrap();
    let r = &read.report;
    assert_eq!(r.records_read, r.kept + r.rejected + r.not_used, "{r:?}");
    read
}

fn one(text: &str) -> Citation {
    let read = read(text);
    assert_eq!(read.report.kept, 1, "{:?}", read.report);
    read.citations.into_iter().next().unwrap()
}

fn sections(citation: &Citation) -> Vec<(Option<&str>, &str)> {
    citation.abstract_sections.iter().map(|s| (s.label.as_deref(), s.text.as_str())).collect()
}

const NBIB: &str = "
PMID- 91000001
OWN - NLM
DP  - 2021 Mar 4
TI  - Tirzafast in stable heart failure: a randomised
      trial.
LID - S1234-5678(21)00001-2 [pii]
LID - 10.1000/tirz.2021.1 [doi]
AB  - BACKGROUND: We asked. METHODS: 1:1 at random. FINDINGS: Fewer died (HR 0\u{b7}72,
      95% CI 0\u{b7}56-0\u{b7}89). INTERPRETATION: It works.
FAU - Doe, Jane A
AU  - Doe JA
FAU - M\u{fc}ller, Karl
AU  - M\u{fc}ller K
CN  - TIRZ Group
PT  - Journal Article
PT  - Randomized Controlled Trial
TA  - J Made Up
JT  - Journal of made up results
MH  - *Heart Failure/drug therapy/mortality
MH  - Humans
OT  - tirzafast

PMID- 91000002
TI  - Retracted one
PT  - Retracted Publication
RIN - J Made Up. 2022;1:2. PMID: 91000009
DP  - 2019
";

#[test]
fn medline_is_read_field_by_field() {
    let read = read(NBIB);
    assert_eq!((read.report.records_read, read.report.kept), (2, 2));
    let [first, second] = read.citations.as_slice() else { panic!("two") };
    assert_eq!(first.title, "Tirzafast in stable heart failure: a randomised trial.");
    assert_eq!(first.authors, ["Doe, Jane A", "M\u{fc}ller, Karl", "TIRZ Group"]);
    assert_eq!((first.journal.as_str(), first.year), ("Journal of made up results", Some(2021)));
    assert_eq!((first.pmid.as_deref(), first.doi.as_deref()), (Some("91000001"), Some("10.1000/tirz.2021.1")));
    assert_eq!(
        sections(first),
        [
            (Some("BACKGROUND"), "We asked."),
            (Some("METHODS"), "1:1 at random."),
            (Some("FINDINGS"), "Fewer died (HR 0\u{b7}72, 95% CI 0\u{b7}56-0\u{b7}89)."),
            (Some("INTERPRETATION"), "It works."),
        ]
    );
    assert_eq!(first.publication_types, ["Journal Article", "Randomized Controlled Trial"]);
    assert_eq!((first.mesh[0].term.as_str(), first.mesh[0].major), ("Heart Failure/drug therapy/mortality", true));
    assert_eq!((first.mesh[1].term.as_str(), first.mesh[1].major), ("Humans", false));
    assert_eq!(
        (first.keywords.as_slice(), first.retraction),
        (["tirzafast".to_owned()].as_slice(), Retraction::NoneKnown)
    );
    assert_eq!(
        (first.source.line, first.source.format, first.schema_version),
        (2, CitationFormat::Medline, CITATION_SCHEMA_VERSION)
    );
    assert_eq!((first.effects.len(), first.effects[0].section), (1, 2));
    assert_eq!(second.retraction, Retraction::Retracted);
    assert_eq!(second.notices, ["Retraction in: J Made Up. 2022;1:2. PMID: 91000009"]);
    assert_eq!(second.source.line, 24);
    let unused: Vec<(&str, u64)> = read.report.fields_not_used.iter().map(|f| (f.field.as_str(), f.n)).collect();
    assert_eq!(unused, [("OWN", 1)]);
}

#[test]
fn breaks_of_every_kind_read_the_same() {
    let plain = read(NBIB);
    for text in
        [NBIB.replace('\n', "\r\n"), NBIB.replace('\n', "\r"), format!("\u{feff}{NBIB}"), NBIB.replace('\n', "\r\r\n")]
    {
        assert_eq!(read(&text), plain);
    }
}

#[test]
fn ris_of_endnote_zotero_and_publishers() {
    let endnote = one(
        "TY  - JOUR\nAU  - Doe, J. A.\nAU  - M\u{fc}ller, K.\nPY  - 2021\nDA  - Mar 4\nDO  - 10.1000/x.1\nDP  - NLM\nAN  - 91000001\nT2  - J Made Up\nTI  - A title\nAB  - Background: One. Results: Two.\nKW  - *Heart Failure/drug therapy\nKW  - Humans\nM3  - Randomized Controlled Trial\nER  - \n",
    );
    assert_eq!((endnote.pmid.as_deref(), endnote.doi.as_deref()), (Some("91000001"), Some("10.1000/x.1")));
    assert_eq!((endnote.journal.as_str(), endnote.year), ("J Made Up", Some(2021)));
    assert_eq!(sections(&endnote), [(Some("Background"), "One."), (Some("Results"), "Two.")]);
    assert_eq!(endnote.publication_types, ["Journal Article", "Randomized Controlled Trial"]);
    assert_eq!((endnote.mesh.len(), endnote.keywords.as_slice()), (1, ["Humans".to_owned()].as_slice()));
    let zotero = one(
        "TY  - JOUR\nTI  - A title\nAU  - Doe, Jane\nT2  - Journal\nAB  - Text &lt;0.05 <i>n</i>\nDA  - 2020/05/17/\nPY  - 2020\nDO  - https://doi.org/10.1000/Y\nUR  - https://pubmed.ncbi.nlm.nih.gov/91000002/\nN1  - PMID: 91000002\nL1  - file.pdf\nER  - \n",
    );
    assert_eq!((zotero.pmid.as_deref(), zotero.doi.as_deref()), (Some("91000002"), Some("10.1000/Y")));
    assert_eq!(sections(&zotero), [(None, "Text <0.05 n")]);
    let publisher = one(
        "Provider: A Publisher\nContent:text/plain; charset=\"UTF-8\"\n\nTY  - JOUR\nT1  - A title\nA1  - Doe, J\nJF  - The Journal\nJO  - J\nY1  - 2018/01//\nN2  - An abstract\nthat goes on\nUR  - http://dx.doi.org/10.1000/z\nM3  - doi: 10.1000/z\nER  -\n",
    );
    assert_eq!(
        (publisher.title.as_str(), publisher.journal.as_str(), publisher.year),
        ("A title", "The Journal", Some(2018))
    );
    assert_eq!((publisher.doi.as_deref(), publisher.publication_types.len()), (Some("10.1000/z"), 1));
    assert_eq!(sections(&publisher), [(None, "An abstract that goes on")]);
    let wos = one(
        "TY  - JOUR\nAU  - Doe, J\nTI  - RETRACTED: A title\nT2  - JOURNAL\nAN  - WOS:000123456700001\nPY  - 2017\nER  -\n",
    );
    assert_eq!((wos.pmid, wos.retraction), (None, Retraction::Retracted));
    let embase = one("TY  - JOUR\nTI  - A title\nDB  - Embase\nAN  - 2012345678\nER  -\n");
    assert_eq!(embase.pmid, None);
    assert_eq!(one("TY - JOUR\nTI - Loose\nAB - OR - 2\nER - \n").title, "Loose");
}

#[test]
fn a_record_without_an_end_is_read_and_said() {
    let read = read("TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\nER  - \nstray line\nTY  - JOUR\nTI  - Three");
    let titles: Vec<&str> = read.citations.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["One", "Two", "Three"]);
    assert!(
        read.report.warnings.iter().any(|w| w.contains("2 records have no end mark (ER)") && w.contains("line 1")),
        "{:?}",
        read.report.warnings
    );
    assert!(read.report.warnings.iter().any(|w| w.contains("line 7 stands outside")), "{:?}", read.report.warnings);
}

#[test]
fn web_of_science_is_read() {
    let citation = one(
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Doe, J\n   Roe, K\nAF Doe, Jane\n   Roe, Kim\nTI A title that\n   goes on\nSO JOURNAL\nDT Article; Retracted Publication\nDE one; two\nAB HR 0.72 (95% CI\n   0.56-0.89).\nDI 10.1000/w\nPM 91000003\nPY 2016\nTC 12\nER\n\nEF\n",
    );
    assert_eq!(citation.authors, ["Doe, Jane", "Roe, Kim"]);
    assert_eq!(
        (citation.title.as_str(), citation.pmid.as_deref(), citation.year),
        ("A title that goes on", Some("91000003"), Some(2016))
    );
    assert_eq!((citation.keywords.len(), citation.effects.len(), citation.retraction), (2, 1, Retraction::Retracted));
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://example.org/x.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">91000001</PMID><DateRevised><Year>2024</Year></DateRevised>
<Article PubModel="Print"><Journal><JournalIssue><PubDate><MedlineDate>2020 Nov-Dec</MedlineDate></PubDate></JournalIssue><Title>The Journal</Title><ISOAbbreviation>J</ISOAbbreviation></Journal>
<ArticleTitle>Effects of H<sub>2</sub> &amp; <i>x</i>: p&lt;0.05</ArticleTitle><ELocationID EIdType="doi" ValidYN="Y">10.1000/e</ELocationID>
<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">We &#x3b1; did.</AbstractText><AbstractText Label="RESULTS">OR 2.31 (95% CI 1.40&#8211;3.82; P = 3 &#xd7; 10<sup>-8</sup>).</AbstractText></Abstract>
<AuthorList><Author><LastName>Doe</LastName><ForeName>Jane</ForeName><Initials>J</Initials></Author><Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType UI="D1">Journal Article</PublicationType></PublicationTypeList><ArticleDate><Year>2019</Year></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>J Short</MedlineTA></MedlineJournalInfo><CitationSubset>IM</CitationSubset>
<CommentsCorrectionsList><CommentsCorrections RefType="ExpressionOfConcernIn"><RefSource>J. 2021;1</RefSource><PMID>5</PMID></CommentsCorrections><CommentsCorrections RefType="Cites"><RefSource>Other</RefSource></CommentsCorrections></CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName MajorTopicYN="N">Asthma</DescriptorName><QualifierName MajorTopicYN="Y">therapy</QualifierName></MeshHeading><MeshHeading><DescriptorName MajorTopicYN="N">Humans</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList><Keyword>key</Keyword></KeywordList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">91000001</ArticleId><ArticleId IdType="doi">10.1000/e</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>91000002</PMID><Article><ArticleTitle>Broken</Title></Article></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>91000003</PMID><Article><ArticleTitle>Cut off
<PubmedArticle><MedlineCitation><PMID>91000004</PMID><Article><ArticleTitle/><VernacularTitle>Vernacular</VernacularTitle></Article></MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>91000005</PMID><Book><BookTitle>A Book</BookTitle><PubDate><Year>2015</Year></PubDate><AuthorList Type="editors"><Author><LastName>Ed</LastName></Author></AuthorList></Book><ArticleTitle>A Chapter</ArticleTitle><AuthorList Type="authors"><Author><LastName>Au</LastName><Initials>T</Initials></Author></AuthorList><Abstract><AbstractText>Text.</AbstractText></Abstract></BookDocument></PubmedBookArticle>
<DeleteCitation><PMID>1</PMID><PMID>2</PMID></DeleteCitation>
</PubmedArticleSet>
"#;

#[test]
fn pubmed_xml_is_read_article_by_article() {
    let read = read(XML);
    let r = &read.report;
    assert_eq!((r.records_read, r.kept, r.rejected, r.not_used), (6, 3, 2, 1), "{r:?}");
    let [first, vernacular, book] = read.citations.as_slice() else { panic!("three") };
    assert_eq!(first.title, "Effects of H2 & x: p<0.05");
    assert_eq!(first.authors, ["Doe, Jane", "The Group"]);
    assert_eq!(
        (first.journal.as_str(), first.year, first.doi.as_deref()),
        ("The Journal", Some(2020), Some("10.1000/e"))
    );
    assert_eq!(sections(first)[0], (Some("METHODS"), "We \u{3b1} did."));
    assert_eq!(sections(first)[1].1, "OR 2.31 (95% CI 1.40\u{2013}3.82; P = 3 \u{d7} 10^-8).");
    assert!((first.effects[0].p.unwrap().value - 3e-8).abs() < 1e-16);
    let mesh: Vec<(&str, bool)> = first.mesh.iter().map(|m| (m.term.as_str(), m.major)).collect();
    assert_eq!(mesh, [("Asthma/therapy", true), ("Humans", false)]);
    assert_eq!(
        (first.retraction, first.notices.as_slice()),
        (Retraction::Concern, ["Expression of concern in: J. 2021;1".to_owned()].as_slice())
    );
    assert_eq!(first.source.line, 4);
    assert_eq!(vernacular.title, "Vernacular");
    assert_eq!(
        (book.title.as_str(), book.journal.as_str(), book.year, book.authors.as_slice()),
        ("A Chapter", "A Book", Some(2015), ["Au, T".to_owned()].as_slice())
    );
    let rejected: Vec<(u64, &str)> = r.rejections.iter().map(|n| (n.line, n.record.as_str())).collect();
    assert_eq!(rejected, [(16, "PMID 91000002"), (17, "PMID 91000003")]);
    assert!(r.rejections[0].reason.contains("XML is broken") && r.rejections[1].reason.contains("cut off"));
    assert_eq!(r.unused[0].record, "PMID 1, 2");
}

#[test]
fn a_cut_file_loses_its_last_record_aloud() {
    let at = XML.find("A Chapter").unwrap();
    let read = read(&XML[..at]);
    assert_eq!((read.report.kept, read.report.rejected), (2, 3));
    assert!(read.report.rejections[2].reason.contains("the file ends before"), "{:?}", read.report.rejections);
    let read = self::read(XML.trim_end().strip_suffix("</PubmedArticleSet>").unwrap());
    assert!(
        read.report.warnings.iter().any(|w| w.contains("no end (</PubmedArticleSet>)")),
        "{:?}",
        read.report.warnings
    );
}

#[test]
fn duplicates_are_recognized_within_and_across_files() {
    let nbib = "PMID- 1\nTI  - One\nLID - 10.1000/A [doi]\n\nPMID- 1\nTI  - One again\n\nPMID- 2\nTI  - Its notice\nLID - 10.1000/a [doi]\n";
    let ris = "TY  - JOUR\nTI  - One of RIS\nDO  - 10.1000/a\nAB  - With an abstract\nER  - \nTY  - JOUR\nTI  - New\nER  - \nTY  - JOUR\nER  - \n";
    let read = try_read(&[("a.nbib", nbib), ("b.ris", ris)]).unwrap();
    let r = &read.report;
    assert_eq!((r.records_read, r.kept, r.rejected, r.not_used), (6, 3, 1, 2));
    // The record with the abstract takes the place of the first, and knows its number.
    let titles: Vec<&str> = read.citations.iter().map(|c| c.title.as_str()).collect();
    assert_eq!(titles, ["One of RIS", "Its notice", "New"]);
    assert_eq!(read.citations[0].pmid.as_deref(), Some("1"));
    let counts: Vec<(u64, u64, u64, u64)> =
        r.files.iter().map(|f| (f.records_read, f.kept, f.rejected, f.not_used)).collect();
    assert_eq!(counts, [(3, 1, 0, 2), (3, 2, 1, 0)]);
    let unused: Vec<(&str, u64)> = r.unused.iter().map(|n| (n.file.as_str(), n.line)).collect();
    assert_eq!(unused, [("a.nbib", 5), ("a.nbib", 1)]);
    assert!(r.unused[0].reason.contains("the same PubMed number (1) as a.nbib, line 1"), "{}", r.unused[0].reason);
    assert!(
        r.unused[1].reason.contains("the same DOI") && r.unused[1].reason.contains("b.ris, line 1"),
        "{}",
        r.unused[1].reason
    );
    assert!(r.rejections[0].reason.contains("no title") && r.rejections[0].line == 9, "{:?}", r.rejections);
}

#[test]
fn what_is_beyond_the_limit_is_counted() {
    let mut reader = CitationReader::new(Some(1));
    reader.begin("x.ris");
    reader.push(b"TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nTI  - Two\nER  - \n").unwrap();
    reader.end().unwrap();
    let read = reader.finish();
    assert_eq!((read.report.kept, read.report.not_used), (1, 1));
    assert!(read.report.unused[0].reason.contains("1 records are kept at most"));
}

#[test]
fn files_of_another_kind_are_called_what_they_are() {
    for (text, word) in [
        ("", "empty"),
        (" \n\n", "empty"),
        ("id,age\n1,2\n", "no file of citations"),
        ("%0 Journal Article\n%T x\n", "EndNote"),
        ("@article{a, title={b}}\n", "BibTeX"),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("<xml><records><record/></records></xml>", "EndNote XML"),
        ("<other><a/></other>", "not PubMed's"),
        ("{\"a\": 1}", "JSON"),
        ("%PDF-1.7\n", "PDF"),
    ] {
        let error = try_read(&[("file.x", text)]).unwrap_err().to_string();
        assert!(error.contains(word) && error.contains("file.x"), "{text:?}: {error}");
    }
    assert_eq!(CitationReader::new(None).push(b"x"), Err(LiteratureError::NoFile));
}

/// A citation as version 1 stored it on devices: it must be read for ever.
#[test]
fn a_citation_of_version_1_is_read() {
    let text = include_str!("../citation_v1.json").trim_end();
    let citation: Citation = model::json::read(text).unwrap();
    assert_eq!((citation.schema_version, citation.retraction), (1, Retraction::Concern));
    assert_eq!(citation.effects[0].interval.unwrap().level, Some(0.95));
    assert_eq!(serde_json::to_string(&citation).unwrap(), text);
    assert!(model::json::read::<Citation>(&text.replacen("\"title\"", "\"titel\"", 1)).is_err());
}
