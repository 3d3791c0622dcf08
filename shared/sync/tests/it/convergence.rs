//! Two devices and a server in a loop, while messages are lost, doubled and re-ordered, pages reload and the server is
//! replaced or put back from a backup. Whatever happened: once the line is good again, both devices hold the union,
//! the server lists it, and on no step did a device hold less than before.

use crate::support::peers;

use std::collections::BTreeSet;

use model::canonical::ContentId;
use peers::{Device, ServerModel, document};
use proptest::prelude::*;
use sync::replica::{Action, Event, Failure, Standing, State};

#[derive(Clone, Debug)]
enum Step {
    Offer { device: usize, n: u32 },
    Wake { device: usize },
    Send { device: usize, copies: usize },
    Arrive { device: usize, pick: usize, copies: usize },
    LoseRequest { device: usize, pick: usize },
    Receive { device: usize, pick: usize },
    LoseAnswer { device: usize, pick: usize },
    GiveUp { device: usize },
    Reload { device: usize },
    ReplaceServer,
    PutServerBack { n_lost: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..2_usize;
    let pick = 0..8_usize;
    prop_oneof![
        4 => (device.clone(), 0..40_u32).prop_map(|(device, n)| Step::Offer { device, n }),
        6 => device.clone().prop_map(|device| Step::Wake { device }),
        12 => (device.clone(), 1..3_usize).prop_map(|(device, copies)| Step::Send { device, copies }),
        12 => (device.clone(), pick.clone(), 1..3_usize)
            .prop_map(|(device, pick, copies)| Step::Arrive { device, pick, copies }),
        2 => (device.clone(), pick.clone()).prop_map(|(device, pick)| Step::LoseRequest { device, pick }),
        12 => (device.clone(), pick.clone()).prop_map(|(device, pick)| Step::Receive { device, pick }),
        2 => (device.clone(), pick).prop_map(|(device, pick)| Step::LoseAnswer { device, pick }),
        3 => device.clone().prop_map(|device| Step::GiveUp { device }),
        2 => device.prop_map(|device| Step::Reload { device }),
        1 => Just(Step::ReplaceServer),
        1 => (1..5_usize).prop_map(|n_lost| Step::PutServerBack { n_lost }),
    ]
}

fn take<T>(queue: &mut Vec<T>, pick: usize) -> Option<T> {
    if queue.is_empty() { None } else { Some(queue.remove(pick % queue.len())) }
}

fn perform(step: &Step, devices: &mut [Device; 2], server: &mut ServerModel) {
    match *step {
        // One number may be offered by both: the same document made on two devices.
        Step::Offer { device, n } => devices[device].offer(document(&format!("finding {n}"))),
        Step::Wake { device } => devices[device].receive(Event::Wake),
        Step::Send { device, copies } => match devices[device].replica.next() {
            Some(Action::Wait { .. }) => devices[device].receive(Event::Waited),
            Some(action) => devices[device].requests.extend(std::iter::repeat_n(action, copies)),
            None => {}
        },
        Step::Arrive { device, pick, copies } => {
            if let Some(action) = take(&mut devices[device].requests, pick) {
                let answer = server.answer(action);
                devices[device].answers.extend(std::iter::repeat_n(answer, copies));
            }
        }
        Step::LoseRequest { device, pick } => drop(take(&mut devices[device].requests, pick)),
        Step::Receive { device, pick } => {
            if let Some(answer) = take(&mut devices[device].answers, pick) {
                devices[device].receive(answer);
            }
        }
        Step::LoseAnswer { device, pick } => drop(take(&mut devices[device].answers, pick)),
        Step::GiveUp { device } => devices[device].receive(Event::Failed(Failure::Timeout)),
        Step::Reload { device } => devices[device].reload(),
        Step::ReplaceServer => server.replace(),
        Step::PutServerBack { n_lost } => server.put_back(n_lost),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_both_devices_end_with_the_union(steps in prop::collection::vec(step(), 0..120)) {
        let mut server = ServerModel::new();
        let mut devices = [Device::new(), Device::new()];
        for step in &steps {
            let before = [devices[0].ids(), devices[1].ids()];
            let n_own = [devices[0].replica.own().len(), devices[1].replica.own().len()];
            perform(step, &mut devices, &mut server);
            for (idx, device) in devices.iter().enumerate() {
                prop_assert!(device.ids().is_superset(&before[idx]), "device {idx} lost a document at {step:?}");
                prop_assert!(device.replica.own().len() >= n_own[idx], "device {idx} lost an own document at {step:?}");
                prop_assert_eq!(device.ids(), device.stored_ids(), "what is held is what was stored");
            }
        }
        // What is still under way arrives, then the line is good.
        for device in &mut devices {
            for action in std::mem::take(&mut device.requests) {
                let answer = server.answer(action);
                device.answers.push(answer);
            }
            for answer in std::mem::take(&mut device.answers) {
                device.receive(answer);
            }
        }
        for _ in 0..4 {
            for device in &mut devices {
                device.round(&mut server);
            }
        }
        let offered: BTreeSet<ContentId> =
            devices.iter().flat_map(|device| device.replica.own()).map(|own| own.document.id.clone()).collect();
        let listed: BTreeSet<ContentId> = server.feed.iter().map(|document| document.id.clone()).collect();
        prop_assert_eq!(&listed, &offered, "the server lists all that was offered");
        for device in &devices {
            prop_assert_eq!(&device.ids(), &offered, "a device holds all that was offered");
            prop_assert!(device.replica.own().iter().all(|own| own.standing == Standing::Listed));
            prop_assert_eq!(device.replica.state(), State::Idle);
        }
    }
}
