use super::*;

const ROUTING: &str = r#"
[[dispatch]]
kind = "lead"
place_by = ["present", "city"]
offer = ["director", "supervisor"]
confirmed_by = ["supervisor"]
from = 2024-01-01
source = "M4"

[[department]]
key = "police"
label = { zh = "公安", en = "Police" }
from = 2024-01-01
source = "M1"

[responsibility]
stated_classes = 6
stated_duties = 55
from = 2024-01-01
source = "L1"

[[responsibility.class]]
key = "judiciary"
label = { zh = "司法", en = "Judiciary" }
from = 2024-01-01
source = "M6"
sample = true

[[responsibility.class.duty]]
key = "stop_violence"
label = { zh = "制止家庭暴力", en = "Stop violence at home" }
department = "police"
answer_within = "4 hours"
done_within = "5 working days"
from = 2024-01-01
source = "M6"
sample = true
"#;

fn roles() -> Roles {
    let role = |key: &str, level: &str| {
        format!(
            "[[role]]\nkey = \"{key}\"\nlabel = {{ zh = \"一\", en = \"One\" }}\nlevel = \"{level}\"\n\
             from = 2024-01-01\nsource = \"M4\"\n"
        )
    };
    let text = role("director", "community")
        + &role("supervisor", "subdistrict")
        + &role("district_officer", "district")
        + &role("city_officer", "city");
    Roles::parse(&text, None).unwrap()
}

#[test]
fn a_number_that_cannot_be_dialled_is_told() {
    let entry = |number: &str| {
        format!(
            "{ROUTING}\n[[emergency_number]]\nkey = \"police\"\nlabel = {{ zh = \"公安\", en = \"Police\" }}\n\
             number = \"{number}\"\nfrom = 2024-01-01\nsource = \"own\"\n"
        )
    };
    let routing = Routing::parse(&entry("110"), None, None).unwrap();
    assert_eq!(routing.emergency_numbers[0].number, "110");
    let faults = Routing::parse(&entry("one one oh"), None, None).unwrap_err();
    assert!(faults[0].to_string().contains("cannot be dialled"), "{faults:?}");
}

#[test]
fn the_dispatch_and_the_duties_are_read() {
    let routing = Routing::parse(ROUTING, Some(&roles()), Some(&["lead"])).unwrap();
    assert_eq!(routing.dispatch_of("lead").unwrap().place_by, [PlaceBy::Present, PlaceBy::City]);
    let (class, duty) = routing.duty("stop_violence").unwrap();
    assert_eq!((class.key.as_str(), duty.answer_within), ("judiciary", Period::Hours(4)));
    assert_eq!(routing.department(&duty.department).unwrap().label.zh, "公安");
}

#[test]
fn what_is_named_and_does_not_exist_is_told_with_its_line() {
    let wrong = ROUTING
        .replace("offer = [\"director\", \"supervisor\"]", "offer = [\"grid_worker\"]")
        .replace("place_by = [\"present\", \"city\"]", "place_by = [\"present\"]")
        .replace("department = \"police\"", "department = \"court\"")
        .replace("\"4 hours\"", "\"4h\"");
    let faults = Routing::parse(&wrong, Some(&roles()), Some(&["lead"])).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (4, "a matter without a place would be dispatched to nobody"),
            (5, "there is no role `grid_worker`"),
            (32, "there is no department `court`"),
            (33, "`4h` is no length of time"),
        ]
    );
}
