//! A first run without any setting: the program brings its own PostgreSQL, and keeps what was entered whatever is
//! killed.

use crate::program::{DataFolder, Serving, ask, ended, kill};
use crate::state_file::FILE;
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpListener, TcpStream};

const DISTRICTS: &str = "{ districts { totalCount } }";
const SYMPOSIUM: &str = "{ convening(by: {slug: \"2015-symposium\"}) { title startsOn } }";
const ENTERED: &str = "{ organization(by: {slug: \"example-teachers\"}) { name } }";

/// The data of an answer without errors.
fn data(address: SocketAddr, document: &str) -> Value {
    let answer = ask(address, document).expect("an answer");
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

fn count(address: SocketAddr) -> Value {
    data(address, DISTRICTS)["districts"]["totalCount"].clone()
}

/// Enters an organization that no record names, while the program serves.
fn enter(folder: &DataFolder) {
    let file = folder.path().join("entered.toml");
    let record = "format = 1\n[[organization]]\nslug = \"example-teachers\"\nname = \"Example Teachers\"\n\
                  kind = \"local_union\"\n";
    std::fs::write(&file, record).expect("a file");
    let loaded = folder.run(&["load".as_ref(), file.as_os_str()]).done();
    assert!(loaded.starts_with("Loaded 1 organizations, 0 districts"), "{loaded}");
}

fn entered() -> Value {
    json!({ "organization": { "name": "Example Teachers" } })
}

/// Stops the program as its user does.
fn stop(serving: Serving) {
    serving.signal("-INT");
    assert_eq!(serving.ended(), (Some(0), Some("Stopped.".to_owned())));
}

#[test]
fn a_first_run_answers_and_the_next_has_the_same_data() {
    let folder = DataFolder::new();
    let (serving, address) = Serving::started(&folder);
    let symposium = json!({ "convening": { "title": "Labor-Management Symposium", "startsOn": "2015-05-08" } });
    assert_eq!(data(address, SYMPOSIUM), symposium);
    assert_eq!(count(address), 47);

    let file = folder.path().join("pubdistricts.txt");
    std::fs::write(&file, FILE).expect("a file");
    let imported = folder.run(&["import".as_ref(), "districts".as_ref(), file.as_os_str()]).done();
    assert!(imported.contains("Created    950\n"), "{imported}");
    assert_eq!(count(address), 997, "whoever joined the server has left, and it goes on");

    // Somebody who has connected and asks for nothing keeps nobody from stopping.
    let _idle = TcpStream::connect(address).expect("a connection");
    stop(serving);
    assert_eq!(folder.server(), None, "the last to leave stops the server");

    let (serving, address) = Serving::started(&folder);
    assert_eq!((data(address, SYMPOSIUM), count(address)), (symposium, json!(997)));
    stop(serving);
}

#[test]
fn what_was_entered_outlives_a_killed_program_and_a_killed_server() {
    let folder = DataFolder::new();
    let (serving, _) = Serving::started(&folder);
    enter(&folder);
    serving.signal("-KILL");
    assert_eq!(serving.ended().0, None);
    let (process, _) = folder.server().expect("a server that runs on");

    let (serving, address) = Serving::started(&folder);
    assert_eq!(folder.server().map(|(process, _)| process), Some(process.clone()), "it is adopted");
    assert_eq!(data(address, ENTERED), entered());
    serving.signal("-KILL");
    assert_eq!(serving.ended().0, None);
    kill("-KILL", &process);

    let (serving, address) = Serving::started(&folder);
    assert_ne!(folder.server().map(|(process, _)| process), Some(process), "it is another");
    assert_eq!((data(address, ENTERED), count(address)), (entered(), json!(47)));
    stop(serving);
    assert_eq!(folder.server(), None);
}

#[test]
fn a_server_that_dies_is_started_again_while_the_program_serves() {
    let folder = DataFolder::new();
    let (mut serving, address) = Serving::started(&folder);
    enter(&folder);
    let (process, _) = folder.server().expect("a server");
    kill("-KILL", &process);
    serving.logs("the private database server had died and was started again");
    // A connection that broke shows with the next statement on it; there are at most 16.
    let answers = (0..=16).map(|_| ask(address, ENTERED).expect("an answer"));
    let mut answers = answers.skip_while(|answer| answer["data"] != entered());
    assert_ne!(answers.next(), None, "it answers again");
    assert!(answers.all(|answer| answer["data"] == entered()), "and goes on to");
    stop(serving);
    assert_eq!(folder.server(), None);
}

#[test]
fn two_that_start_at_once_share_one_server_and_one_record() {
    let folder = DataFolder::new();
    let (mut one, mut other) = (Serving::start(&folder), Serving::start(&folder));
    let addresses = [one.address(), other.address()];
    assert_ne!(addresses[0], addresses[1]);
    assert_eq!(addresses.map(count), [47, 47], "the record is loaded once");
    enter(&folder);
    stop(one);
    assert_eq!(data(addresses[1], ENTERED), entered(), "the one that goes on has what was entered");
    stop(other);
    assert_eq!(folder.server(), None, "the last to leave stops the server");
}

#[test]
fn a_start_that_is_called_off_leaves_nothing_running() {
    let folder = DataFolder::new();
    let mut serving = Serving::start(&folder);
    serving.logs("Making a PostgreSQL");
    stop(serving);
    assert_eq!(folder.server(), None);
    let (serving, address) = Serving::started(&folder);
    assert_eq!(count(address), 47);
    stop(serving);
}

#[test]
fn a_port_that_is_taken_is_told_before_anything_is_touched() {
    let folder = DataFolder::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let mut command = folder.lmi();
    command.env("LMI_LISTEN", &address);
    let refused = ended(command).refused(1);
    let reason = "cannot be served on; give another, as in 127.0.0.1:8081: ";
    assert!(refused.starts_with(&format!("lmi: LMI_LISTEN (--listen): {address} {reason}")), "{refused}");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 0, "nothing was made");
}
