//! What the two documents say of organizations.

use tests::with_record;

#[test]
fn twenty_two_organizations_were_represented_beside_the_teams() {
    with_record(async |service| {
        let document = "{ convening(by: {slug: \"2015-symposium\"}) { delegations(first: 100) { totalCount nodes {
            organization { name } } } } }";
        let answer = service.ask(document).await;
        assert_eq!(answer.at("/convening/delegations/totalCount"), 22);
        assert_eq!(
            answer.each("/convening/delegations/nodes", "/organization/name"),
            [
                "Advocacy Resource Group",
                "Association of California School Administrators",
                "CA LMI Steering Committee",
                "CA LMI Support Team",
                "CA LMI Working Group",
                "California Department of Education",
                "California Federation of Teachers",
                "California School Boards Association",
                "California School Employees Association",
                "California Teachers Association",
                "Californians Dedicated to Education Foundation",
                "Consortium for Educational Change",
                "Education Week",
                "Encina High School",
                "Glen Price Group",
                "Massachusetts Education Partnership",
                "Poway Federation of Teachers",
                "Rutgers University School of Management and Labor Relations",
                "S. D. Bechtel, Jr. Foundation",
                "Stuart Foundation",
                "Teachers Association of Long Beach",
                "UNITE-LA",
            ]
        );
    });
}

#[test]
fn thirty_organizations_are_named() {
    with_record(async |service| {
        let document = "{ organizations(first: 100) { totalCount nodes { slug acronym kind parent { slug } name } } }";
        let answer = service.ask(document).await;
        assert_eq!(answer.at("/organizations/totalCount"), 30);
        assert_eq!(
            answer.lines("/organizations/nodes", &["/slug", "/acronym", "/kind", "/parent/slug", "/name"]),
            [
                "abc-federation-of-teachers | – | LOCAL_UNION | – | ABC Federation of Teachers",
                "advocacy-resource-group | – | OTHER | – | Advocacy Resource Group",
                "acsa | ACSA | PROFESSIONAL_ASSOCIATION | – | Association of California School Administrators",
                "ca-lmi | CA LMI | INITIATIVE | – | CA Labor-Management Initiative",
                "ca-lmi-organizing-committees | – | INITIATIVE_BODY | ca-lmi | CA LMI organizing committees",
                "ca-lmi-steering-committee | – | INITIATIVE_BODY | ca-lmi | CA LMI Steering Committee",
                "ca-lmi-support-team | – | INITIATIVE_BODY | ca-lmi | CA LMI Support Team",
                "ca-lmi-working-group | – | INITIATIVE_BODY | ca-lmi | CA LMI Working Group",
                "cde | CDE | STATE_AGENCY | – | California Department of Education",
                "cft | CFT | STATE_UNION | – | California Federation of Teachers",
                "csba | CSBA | PROFESSIONAL_ASSOCIATION | – | California School Boards Association",
                "csea | CSEA | STATE_UNION | – | California School Employees Association",
                "cta | CTA | STATE_UNION | – | California Teachers Association",
                "cdef | CDEF | NONPROFIT_FOUNDATION | – | Californians Dedicated to Education Foundation",
                "consortium-for-educational-change | – | OTHER | – | Consortium for Educational Change",
                "education-week | – | MEDIA | – | Education Week",
                "spi-educator-excellence-task-force | – | ADVISORY_BODY | – | Educator Excellence Task Force",
                "encina-high-school | EHS | SCHOOL | – | Encina High School",
                "glen-price-group | – | CONSULTANCY | – | Glen Price Group",
                "massachusetts-education-partnership | MEP | OUT_OF_STATE_PARTNER | – | Massachusetts Education Partnership",
                "office-of-the-state-superintendent | – | STATE_AGENCY | – | Office of the State Superintendent",
                "poway-federation-of-teachers | – | LOCAL_UNION | – | Poway Federation of Teachers",
                "rutgers-smlr | – | UNIVERSITY | – | Rutgers University School of Management and Labor Relations",
                "sd-bechtel-jr-foundation | – | FUNDER | – | S. D. Bechtel, Jr. Foundation",
                "san-juan-teachers-association | SJTA | LOCAL_UNION | – | San Juan Teachers Association",
                "springfield-public-schools | – | OUT_OF_STATE_PARTNER | – | Springfield Public Schools",
                "stuart-foundation | – | FUNDER | – | Stuart Foundation",
                "teachers-association-of-long-beach | – | LOCAL_UNION | – | Teachers Association of Long Beach",
                "spi-transition-advisory-team | – | ADVISORY_BODY | – | Transition Advisory Team",
                "unite-la | – | OTHER | – | UNITE-LA",
            ]
        );
    });
}

#[test]
fn websites_and_spellings_of_organizations_are_those_of_the_documents() {
    with_record(async |service| {
        let document = "{ organizations(first: 100) { nodes { slug website alternateNames } } }";
        let answer = service.ask(document).await;
        let lines = answer.lines("/organizations/nodes", &["/slug", "/website", "/alternateNames"]);
        let said: Vec<&String> = lines.iter().filter(|line| !line.ends_with(" | – | []")).collect();
        assert_eq!(
            said,
            [
                "acsa | http://www.acsa.org/ | []",
                "ca-lmi | – | [\"California Labor Management Initiative\",\"LMI\"]",
                "ca-lmi-organizing-committees | http://www.cdefoundation.org/lmi/about | []",
                "ca-lmi-steering-committee | http://cdefoundation.org/lmi/about/?target=Steering%20Committee%20Members/#steering-working | []",
                "ca-lmi-support-team | http://cdefoundation.org/lmi/about/#support-systems | []",
                "ca-lmi-working-group | http://cdefoundation.org/lmi/about/#steering-working | [\"LMI working group\"]",
                "cde | http://www.cde.ca.gov/ | []",
                "cft | http://www.cft.org/ | []",
                "csba | http://csba.org/ | []",
                "csea | http://members.csea.com/memberhome/ | []",
                "cta | http://www.cta.org/ | []",
                "cdef | http://cdefoundation.org/ | []",
                "massachusetts-education-partnership | http://www.massedpartnership.org/ | []",
                "sd-bechtel-jr-foundation | – | [\"S.D. Bechtel, Jr. Foundation\"]",
            ]
        );
    });
}
