//! Names of columns that say who somebody is, as hospitals write them in German, French, Spanish, Italian, Portuguese, Dutch and the
//! Scandinavian languages. Letters come without their accents (see [`super::words`]).

/// A class, the words of which one is enough, and whole names (without separators) that are; with blanks between them.
type Row = (&'static str, &'static str, &'static str);

const CLASSES: [Row; 9] = [
    (
        "name",
        "nachname vorname vornamen familienname geburtsname patientenname rufname prenom prenoms patronyme apellido \
         apellidos cognome cognomi sobrenome apelido achternaam voornaam voornamen efternamn fornamn etternavn \
         efternavn fornavn iniciales initialen initiales",
        "nom noms nomprenom nomdefamille nomdenaissance nomnaissance nomdusage nomusuel nommarital nompatient \
         nompatronymique nomdupatient nombre nombres nombrecompleto nombrepaciente nombredelpaciente \
         nombreyapellidos nome nomepaziente nomecompleto nomedopaciente nomepaciente naam navn namn nameundvorname \
         namevorname patname",
    ),
    (
        "birth_date",
        "geburtsdatum geburtstag gebdatum gebdat geburtsdat datenaissance datenaiss ddn fechanacimiento fnacimiento \
         fecnac datanascita datadenascimento datanascimento geboortedatum gebdtm fodselsdato fodselsdatum \
         fodelsedatum fodselsdag",
        "geb geboren geborenam gebam geburtam datedenaissance datedenaiss naissance neele fechadenacimiento \
         fechanac fechanacim fnac nacimiento datadinascita nascita natoil geboorte gebdate dnaiss brthdtc brthdt \
         brthdat brthdtm birthdt birthdat birthdtc dtnasc",
    ),
    (
        "ssn",
        "sozialversicherungsnummer rentenversicherungsnummer svnr ahv ahvnr secu insee dni nie nuss codicefiscale \
         bsn personnummer fodselsnummer cprnummer pesel cpf burgerservicenummer",
        "numsecu nosecu nsecu numerosecu ninsee securitesociale numerodni cprnr",
    ),
    (
        "record_number",
        "fallnummer fallnr patientennummer patientennr patnr aktenzeichen krankenaktennummer ipp nhc nosologico \
         patientnummer patientnr aufnahmenummer aufnahmenr probandennummer probandennr",
        "ndossier nodossier numdossier numerodossier numerodedossier dossier nip iep historiaclinica numerohistoria \
         numerohistoriaclinica nhistoria nhistoriaclinica nhclinica cip cartellaclinica numerocartella fallid \
         patientenakte krankenakte journalnummer prontuario",
    ),
    (
        "insurance",
        "versichertennummer versichertennr versicherungsnummer versicherungsnr krankenversicherungsnummer \
         krankenkassennummer kvnr kvnummer hicn",
        "tarjetasanitaria numeromutuelle nmutuelle nadherent tesserasanitaria polizzanr subscriberid medicaidid",
    ),
    (
        "phone",
        "telefonnummer telefonnr telnr handynummer mobilnummer mobiltelefon telefono telefonos movil telephones \
         cellulare telefone celular telefoon telefoonnummer",
        "telprive teldomicile telefonprivat",
    ),
    ("zip", "postleitzahl postnummer postnr", "codepostal codigopostal codpostal codicepostale codpost cpostal zippc"),
    (
        "address",
        "strasse hausnummer hausnr anschrift adresse adresszeile wohnadresse postanschrift domicilio direccion \
         indirizzo endereco morada adres adress gatuadress straat huisnummer",
        "rue nrue calle addline addline1 addline2 streetaddress",
    ),
    (
        "city",
        "wohnort wohngemeinde geburtsort landkreis ville commune ciudad localidad municipio citta comune woonplaats \
         cidade kommune kommun gemeente codeinsee",
        "ort stadt gemeinde plzort ortsteil lieudenaissance lieunaissance lugardenacimiento lugarnacimiento \
         luogodinascita poblacion localite plaats geboorteplaats statecityzippath",
    ),
];

/// Words beside 'birth' in these languages that make it no date of birth: weight, place, country, rank, year.
const NOT_THE_DAY: &str = "poids peso gewicht lieu lugar luogo pays pais paese rang annee ano anno jahr mois mes mese terme nom taille \
     talla ort land type voie year";

/// Whether a list has a word.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// The class of direct identifiers that the words of a name speak of; `all` is the name without separators.
pub(super) fn identifier_class(words: &[String], all: &str) -> Option<&'static str> {
    let any = |list: &str| words.iter().any(|w| has(list, w));
    // 'Geb.-Datum', 'date de naissance', 'fecha nacimiento', 'data di nascita'.
    let born = any("geb geburts naissance nacimiento nascita nascimento geboorte");
    let day = any("datum dat tag am date fecha fec data dt jour dia");
    if born && day && !any(NOT_THE_DAY) {
        return Some("birth_date");
    }
    let row = CLASSES.iter().find(|(_, some, whole)| any(some) || has(some, all) || has(whole, all))?;
    (row.0 != "birth_date" || !any(NOT_THE_DAY)).then_some(row.0)
}

/// Names of columns (without separators) that name the person of a study or a clinic.
pub(super) const PERSONS: &str = "patnr patientnr patientennr patientennummer patientnum patnum patientid patientenid probandnr probandennr \
     probandenid probandid proband pseudonymid npatient nopatient numpatient numeropatient idpatient codepatient \
     sujet idsujet npaciente numpaciente idpaciente codpaciente codigopaciente paciente sujeto idpaziente \
     codicepaziente paziente patientnummer subjno subjectno ptno ptnum patientkey personkey deelnemer";

/// Names of columns that name a stay, a visit or an order: numbers of a record, and nobody's own.
pub(super) const STAYS: &str = "fallnr fallnummer fallid aufnahmenr aufnahmenummer iep csn patenccsnid hospaccountid har encounternum \
     encounterid encounterno visitnum hadmid stayid icustayid admissionid nosologico episodio nsejour \
     accessionnumber numsejour numerosejour nosejour nda numvenue patientunitstayid";

#[cfg(test)]
mod tests {
    use super::super::{identifier_class, is_person_id};

    #[test]
    fn identifiers_of_other_languages() {
        for (name, class) in [
            ("Geb.-Datum", Some("birth_date")),
            ("GebDat", Some("birth_date")),
            ("geb. am", Some("birth_date")),
            ("Geburtsgewicht", None),
            ("Geburtsjahr", None),
            ("Straße", Some("address")),
            ("Ort", Some("city")),
            ("Ort der Blutung", None),
            ("PLZ", Some("zip")),
            ("Telefonnr.", Some("phone")),
            ("Versichertennr.", Some("insurance")),
            ("PatNr", Some("record_number")),
            ("Nom", Some("name")),
            ("Prénom", Some("name")),
            ("Nom du médicament", None),
            ("Date de naissance", Some("birth_date")),
            ("Poids de naissance", None),
            ("Année de naissance", None),
            ("Lieu de naissance", Some("city")),
            ("N° sécu", Some("ssn")),
            ("N° dossier", Some("record_number")),
            ("Code postal", Some("zip")),
            ("Téléphone", Some("phone")),
            ("Apellidos", Some("name")),
            ("Nombre", Some("name")),
            ("Nombre del fármaco", None),
            ("Fecha de nacimiento", Some("birth_date")),
            ("NHC", Some("record_number")),
            ("Domicilio", Some("address")),
            ("Población", Some("city")),
            ("Cognome", Some("name")),
            ("Data di nascita", Some("birth_date")),
            ("Geboortedatum", Some("birth_date")),
            ("Fødselsnummer", Some("ssn")),
            ("BRTHDTC", Some("birth_date")),
            ("PAT_NAME", Some("name")),
            ("ADD_LINE_1", Some("address")),
            ("Diagnose", None),
            ("Gewicht", None),
            ("Alter", None),
            ("adherent", None),
            ("MBI", None),
            ("CEP17", None),
            ("Vía", None),
        ] {
            assert_eq!(identifier_class(name), class, "{name}");
        }
        for name in ["PATIENT_NUM", "Patienten-ID", "ID Paciente", "N° patient", "Probandennr"] {
            assert!(is_person_id(name) || identifier_class(name) == Some("record_number"), "{name}");
        }
    }
}
