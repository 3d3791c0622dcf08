//! One `PubmedArticle` or `PubmedBookArticle` into a citation.
//!
//! Elements: NLM, 'MEDLINE/PubMed XML Element Descriptions and their Attributes' (PubMed DTD). Inline markup within a title or
//! an abstract is taken out and its text kept.

use std::collections::BTreeMap;

use model::citation::{AbstractSection, Citation, MeshTerm, Retraction};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::book::Entry;
use super::fields::{doi, entity, numbered, pmid, tidy, year};
use super::medline::retraction_of_words;

/// Elements within one another, at most.
const MAX_DEPTH: usize = 64;

/// Reads one record.
pub(super) fn read(text: &str, line: u64, each: &mut dyn FnMut(Entry)) {
    match walk(text) {
        Ok(Article { deleted: Some(numbers), .. }) => {
            let reason =
                "PubMed says here that records were deleted; nothing on this device is deleted by it".to_owned();
            each(Entry::Unused { line, record: format!("PMID {}", numbers.join(", ")), reason });
        }
        Ok(mut article) => {
            each(Entry::Fields(std::mem::take(&mut article.unused)));
            each(Entry::Citation { line, citation: Box::new(article.citation()) });
        }
        Err((record, reason)) => each(Entry::Rejected { line, record, reason }),
    }
}

#[derive(Default)]
struct Article {
    citation: Citation,
    deleted: Option<Vec<String>>,
    vernacular: String,
    book_title: String,
    journal_short: String,
    dates: BTreeMap<u8, i32>,
    other_abstract: Vec<AbstractSection>,
    location_doi: Option<String>,
    author: Author,
    descriptor: MeshTerm,
    has_qualifier: bool,
    unused: Vec<String>,
}

#[derive(Default)]
struct Author {
    last: String,
    fore: String,
    initials: String,
    suffix: String,
    group: String,
}

impl Author {
    fn name(&self) -> String {
        if !self.group.is_empty() {
            return self.group.clone();
        }
        let given = if self.fore.is_empty() { &self.initials } else { &self.fore };
        let parts = [self.last.as_str(), given, &self.suffix];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl Article {
    fn citation(self) -> Citation {
        let mut citation = self.citation;
        let or = |text: &mut String, other: String| {
            if text.is_empty() {
                *text = other;
            }
        };
        or(&mut citation.title, self.vernacular);
        or(&mut citation.title, self.book_title.clone());
        or(&mut citation.journal, self.journal_short);
        or(&mut citation.journal, self.book_title);
        citation.year = self.dates.into_values().next();
        citation.doi = citation.doi.or(self.location_doi);
        if citation.abstract_sections.is_empty() {
            citation.abstract_sections = self.other_abstract;
        }
        if citation.retraction == Retraction::NoneKnown {
            citation.retraction = retraction_of_words(&citation.publication_types, &citation.title);
        }
        citation
    }
}

/// An element that is open.
struct Element {
    name: String,
    /// Its text is wanted.
    wanted: bool,
    text: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

type Broken = (String, String);

fn walk(text: &str) -> Result<Article, Broken> {
    let mut reader = Reader::from_str(text);
    let mut article = Article::default();
    let mut stack: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event();
        let broken = |reason: String| {
            let record = article.citation.pmid.as_ref().map(|n| format!("PMID {n}")).unwrap_or_default();
            (record, reason)
        };
        match event {
            Err(error) => return Err(broken(format!("its XML is broken ({error}). Fetch it again"))),
            Ok(Event::Eof) if stack.is_empty() => return Ok(article),
            Ok(Event::Eof) => return Err(broken("its XML ends too early. Fetch it again".to_owned())),
            Ok(Event::Start(start)) => {
                if stack.len() >= MAX_DEPTH {
                    return Err(broken(format!("its XML is more than {MAX_DEPTH} elements deep")));
                }
                let element = open(&start, &stack);
                superscript(&element, &mut stack);
                stack.push(element);
            }
            Ok(Event::Empty(start)) => {
                let element = open(&start, &stack);
                stack.push(element);
                close(&mut article, &mut stack);
            }
            Ok(Event::End(_)) => close(&mut article, &mut stack),
            Ok(Event::Text(words)) => add(&mut stack, &words.xml10_content()),
            Ok(Event::CData(words)) => add(&mut stack, &words.xml10_content()),
            Ok(Event::GeneralRef(name)) => add_reference(&mut stack, &name),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
        }
    }
}

fn open(start: &BytesStart<'_>, stack: &[Element]) -> Element {
    let name = start.name().as_ref().to_owned();
    let attributes = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .map(|a| {
            let value = a
                .normalized_value(XmlVersion::Implicit1_0)
                .map_or_else(|_broken| a.value.to_string(), |v| v.into_owned());
            (a.key.as_ref().to_owned(), value)
        })
        .collect();
    let wanted = WANTED.contains(&name.as_str()) && !stack.iter().any(|e| e.wanted);
    Element { name, wanted, text: String::new(), attributes }
}

/// Elements whose text is read.
const WANTED: &[&str] = &[
    "PMID",
    "ArticleTitle",
    "VernacularTitle",
    "BookTitle",
    "Title",
    "ISOAbbreviation",
    "MedlineTA",
    "Year",
    "MedlineDate",
    "AbstractText",
    "LastName",
    "ForeName",
    "Initials",
    "Suffix",
    "CollectiveName",
    "PublicationType",
    "ELocationID",
    "ArticleId",
    "DescriptorName",
    "QualifierName",
    "Keyword",
    "RefSource",
];

/// `10<sup>-8</sup>` is ten to the minus eighth, not 10-8.
fn superscript(element: &Element, stack: &mut [Element]) {
    if element.name == "sup"
        && let Some(open) = stack.iter_mut().rev().find(|e| e.wanted)
        && open.text.ends_with(|c: char| c.is_ascii_digit())
    {
        open.text.push('^');
    }
}

fn add(stack: &mut [Element], text: &str) {
    if let Some(open) = stack.iter_mut().rev().find(|e| e.wanted) {
        open.text.push_str(text);
    }
}

fn add_reference(stack: &mut [Element], name: &str) {
    match (entity(name), numbered(name)) {
        (Some(letters), _) => add(stack, letters),
        (None, Some(letter)) => add(stack, letter.encode_utf8(&mut [0; 4])),
        (None, None) => add(stack, &format!("&{name};")),
    }
}

/// An element ends: what it says goes where it belongs.
fn close(article: &mut Article, stack: &mut Vec<Element>) {
    let Some(element) = stack.pop() else { return };
    let text = tidy(&element.text);
    let parents: Vec<&str> = stack.iter().rev().map(|e| e.name.as_str()).collect();
    let parent = parents.first().copied().unwrap_or_default();
    let within = |name: &str| parents.contains(&name);
    let citation = &mut article.citation;
    match element.name.as_str() {
        "PMID" if within("DeleteCitation") => article.deleted.get_or_insert_default().push(text),
        "PMID" if parent == "MedlineCitation" || parent == "BookDocument" => citation.pmid = pmid(&text),
        "ArticleTitle" if !within("ReferenceList") => citation.title = text,
        "VernacularTitle" => article.vernacular = text,
        "BookTitle" => article.book_title = text,
        "Title" if parent == "Journal" => citation.journal = text,
        "ISOAbbreviation" | "MedlineTA" => article.journal_short = text,
        "Year" | "MedlineDate" => date(article, parent, &text),
        "AbstractText" if !text.is_empty() => {
            let label = element.attribute("Label").map(tidy).filter(|l| !l.is_empty() && l != "UNLABELLED");
            let section = AbstractSection { label, text };
            if within("OtherAbstract") {
                article.other_abstract.push(section);
            } else {
                citation.abstract_sections.push(section);
            }
        }
        "LastName" => article.author.last = text,
        "ForeName" => article.author.fore = text,
        "Initials" => article.author.initials = text,
        "Suffix" => article.author.suffix = text,
        "CollectiveName" => article.author.group = text,
        "Author" => author(article, stack),
        "PublicationType" => citation.publication_types.push(text),
        "ELocationID" if element.attribute("EIdType") == Some("doi") && element.attribute("ValidYN") != Some("N") => {
            article.location_doi = doi(&text);
        }
        // Those of the references are other articles'.
        "ArticleId" if !within("ReferenceList") && element.attribute("IdType") == Some("doi") => {
            citation.doi = citation.doi.take().or_else(|| doi(&text));
        }
        "DescriptorName" => {
            let major = element.attribute("MajorTopicYN") == Some("Y");
            (article.descriptor, article.has_qualifier) = (MeshTerm { term: text, major }, false);
        }
        "QualifierName" => {
            let major = article.descriptor.major || element.attribute("MajorTopicYN") == Some("Y");
            citation.mesh.push(MeshTerm { term: format!("{}/{text}", article.descriptor.term), major });
            article.has_qualifier = true;
        }
        "MeshHeading" if !article.has_qualifier && !article.descriptor.term.is_empty() => {
            citation.mesh.push(std::mem::take(&mut article.descriptor));
        }
        "Keyword" if !text.is_empty() => citation.keywords.push(text),
        "RefSource" => notice(article, stack, &text),
        // Fields of a record that citations have no place for, each once for the list it is.
        name if parent == "MedlineCitation" && !KNOWN_LISTS.contains(&name) => article.unused.push(name.to_owned()),
        _ => {}
    }
}

const KNOWN_LISTS: &[&str] = &[
    "PMID",
    "Article",
    "MeshHeadingList",
    "KeywordList",
    "CommentsCorrectionsList",
    "MedlineJournalInfo",
    "OtherAbstract",
];

/// The date of the issue comes before that of the article on the web.
fn date(article: &mut Article, parent: &str, text: &str) {
    let rank = match parent {
        "PubDate" => 0,
        "ArticleDate" => 1,
        "ContributionDate" => 2,
        _ => return,
    };
    if let Some(year) = year(text) {
        article.dates.entry(rank).or_insert(year);
    }
}

fn author(article: &mut Article, stack: &[Element]) {
    let author = std::mem::take(&mut article.author);
    let list = stack.iter().rev().find(|e| e.name == "AuthorList");
    let is_author = list.is_some_and(|list| list.attribute("Type") != Some("editors"));
    let name = author.name();
    if !name.is_empty() && is_author {
        article.citation.authors.push(name);
    }
}

fn notice(article: &mut Article, stack: &[Element], text: &str) {
    let kind = stack.iter().rev().find(|e| e.name == "CommentsCorrections").and_then(|e| e.attribute("RefType"));
    let (words, standing) = match kind {
        Some("RetractionIn") => ("Retraction in", Retraction::Retracted),
        Some("PartialRetractionIn") => ("Partial retraction in", Retraction::PartlyRetracted),
        Some("ExpressionOfConcernIn") => ("Expression of concern in", Retraction::Concern),
        Some("RetractionOf" | "PartialRetractionOf") => ("Retraction of", Retraction::Notice),
        _ => return,
    };
    article.citation.notices.push(format!("{words}: {text}"));
    // Retracted outweighs everything else.
    if article.citation.retraction != Retraction::Retracted {
        article.citation.retraction = standing;
    }
}
