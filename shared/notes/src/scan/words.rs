//! Word lists of the names that the dictionary knows: what is no name after all.

/// Terms of medicine that are in no lexicon and look like names where they begin a line or stand beside each other.
pub(super) const MEDICAL: [&str; 7] = ["acne", "vulgaris", "benzoyl", "peroxide", "prostate", "complete", "response"];

/// Words behind an eponym.
#[rustfmt::skip]
pub(super) const EPONYM_NOUNS: &[&str] = &[
    "sign", "signs", "test", "disease", "syndrome", "maneuver", "manoeuvre", "catheter", "criteria", "criterion",
    "score", "scale", "palsy", "stage", "classification", "fracture", "procedure", "drain", "tumor", "tumour",
    "lymphoma", "position", "phenomenon", "thyroiditis", "cyst", "contracture", "body", "bodies", "esophagus",
    "sarcoma", "hernia", "line", "tube", "tear", "ulcer", "node", "nodes", "ring", "diverticulum", "reflex", "index",
    "technique", "clamp", "retractor", "forceps", "incision", "approach", "method", "formula", "stain", "monitor",
    "study", "trial", "anomaly", "murmur", "triad", "point", "angle", "pouch", "ligament", "tendon", "gland", "duct",
    "loop", "fluid", "solution", "virus", "cells", "anemia", "encephalopathy", "disorder", "chorea", "dystrophy",
    "ataxia", "operation", "repair", "risk", "grade", "syndromes", "diseases", "tumors", "tumours", "lymphomas", "neuroma",
    "canal", "plexus", "tract", "neuropathy", "arthropathy", "atrophy", "deformity", "lesion", "lesions", "shunt", "valve",
    "splint", "pin", "pins", "wire", "wires", "contractions", "respirations", "breathing", "dementia", "cirrhosis", "nevus",
    "erythema", "purpura", "exanthem", "osteochondrosis", "cardiomyopathy", "myopathy", "glomerulonephritis",
];

/// Eponyms that stand alone.
#[rustfmt::skip]
pub(super) const EPONYMS: &[&str] = &[
    "hoffman", "hoffmann", "charcot", "hippel", "lindau", "codman", "gehrig", "heberden", "tourette", "klinefelter", "wegener", "hirschsprung",
    "foley", "doppler", "holter", "babinski", "romberg", "valsalva", "kegel", "billroth", "whipple", "murphy",
    "mcburney", "homans", "tinel", "phalen", "lachman", "mcmurray", "kernig", "brudzinski", "glasgow", "apgar",
    "braden", "killip", "child", "rinne", "weber", "snellen", "spurling", "trendelenburg", "hickman", "nissen",
    "salter", "roux", "sjogren", "raynaud", "hashimoto", "marfan", "hodgkin", "ewing", "paget", "barrett", "meckel", "mallory",
    "weiss", "zenker", "dupuytren", "colles", "gleason", "breslow", "heimlich", "bell", "graves", "crohn",
    "alzheimer", "parkinson", "cushing", "addison", "huntington", "wernicke", "korsakoff", "guillain", "barre",
    "kaposi", "bence", "schlatter", "danlos", "ehlers", "behcet", "takayasu", "menkes", "gaucher", "fabry", "pompe", "niemann",
    "krabbe", "noonan", "duchenne", "friedreich", "creutzfeldt", "lewy", "burkitt", "wilms", "asperger", "rett", "angelman",
    "prader", "digeorge", "fallot", "ebstein", "eisenmenger", "brugada", "dressler", "prinzmetal", "wenckebach", "purkinje",
    "virchow", "chiari", "mirizzi", "peyronie", "fournier", "bartholin", "pott", "perthes", "scheuermann", "quervain",
    "lisfranc", "coombs", "schirmer", "papanicolaou", "mohs", "hartmann", "fontan", "blalock", "mantoux", "hallpike",
    "epley", "ortolani", "trousseau", "chvostek", "kussmaul", "kirschner", "steinmann", "bouchard", "osgood", "ménière",
    "meniere", "morse", "tietze", "sheehan", "waldenström", "waldenstrom", "castleman", "merkel", "langerhans", "schwann",
];

/// Words behind the name of a place of work.
#[rustfmt::skip]
pub(super) const WORKPLACES: [&str; 18] = [
    "hospital", "clinic", "medical", "center", "centre", "university", "college", "health", "healthcare", "school",
    "institute", "pharmacy", "memorial", "general", "laboratories", "labs", "county", "foundation",
];

/// States of the USA that are in the dictionary of names, other places that are no secret, peoples and languages.
#[rustfmt::skip]
pub(super) const PLACES: [&str; 44] = [
    "english", "german", "germany", "brazil", "american", "african", "christian", "christmas", "french", "spanish",
    "irish", "italian", "maryland", "asian", "hispanic", "latin", "chinese", "russian", "polish", "greek",
    "english-speaking", "easter", "virginia", "georgia", "carolina", "dakota", "montana", "washington", "indiana",
    "nevada", "tennessee", "kansas", "texas", "florida", "arizona", "america", "india", "china", "kenya", "jordan",
    "israel", "holland", "ireland", "delaware",
];

/// Eponyms with letters that English does not have.
#[rustfmt::skip]
pub(super) const FOREIGN_EPONYMS: [&str; 12] = [
    "sjögren", "ménière", "barré", "behçet", "müller", "köbner", "déjerine", "ménétrier", "schönlein", "guérin",
    "café", "röntgen",
];

/// Words behind a surname that belong to it.
#[rustfmt::skip]
pub(super) const SUFFIXES: [&str; 6] = [
    "jr", "sr", "ii", "iii", "iv", "esq",
];

/// Given names that are months or a verb: names before a surname only.
#[rustfmt::skip]
pub(super) const GIVEN_MONTHS: [&str; 5] = ["april", "may", "june", "august", "will"];

/// What people do in notes.
#[rustfmt::skip]
pub(super) const HUMAN_VERBS: [&str; 26] = [
    "reports", "reported", "states", "stated", "denies", "denied", "presents", "presented", "complains", "complained", "says",
    "said", "lives", "tolerated", "endorses", "endorsed", "feels", "describes", "described", "asks", "asked", "agrees", "agreed",
    "understands", "declined", "returns",
];
