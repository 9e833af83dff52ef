//! A password that would be guessed soon is refused wherever one is set.

use crate::command_line_accounts::create;
use crate::invitations::{LINK, accept, invite, refusals, reset, token};
use crate::sign_in::CHANGE;
use entity::account;
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use tests::fixtures::global_id;
use tests::{PASSWORD, with_empty};

const ADA: &str = "ada.madeup@example.org";
const GOOD: &str = "another battery of horses";
/// What is common, what keys lie beside one another, what this is about, and what is known of her.
const GUESSED: [&str; 6] =
    ["password1234", "qwertyuiop12", "LaborManagement", "Adamadeup1984", ADA, "111111111111111111111111"];

#[test]
fn what_would_be_guessed_is_refused_wherever_a_password_is_set() {
    with_empty(async |service| {
        let admin = service.administrator().await;
        let invited = invite(&admin, ADA, "STAFF").await;
        let link = token(&invited.at("/inviteAccount/link"), "invitation");
        for guessed in GUESSED {
            let refused = accept(&service, &link, guessed).await;
            assert_eq!(refusals(&refused), ["[\"password\"] | INVALID"], "{guessed}");
            let message = refused.at("/acceptInvitation/userErrors/0/code");
            assert!(!message.to_string().contains(guessed));
        }
        assert_eq!(refusals(&accept(&service, &link, "too short").await), ["[\"password\"] | INVALID"]);
        accept(&service, &link, PASSWORD).await.at("/acceptInvitation/accessToken").as_str().expect("a token");

        let access = service.sign_in(ADA).await.access;
        for guessed in GUESSED {
            let change = json!({ "current": PASSWORD, "new": guessed });
            let refused = service.bearing(&access).ask_with(CHANGE, &change).await;
            let told = refused.lines("/changePassword/userErrors", &["/field", "/code"]);
            assert_eq!(told, ["[\"newPassword\"] | INVALID"], "{guessed}");
        }

        let account = account::Entity::find().filter(account::Column::Email.eq(ADA)).one(&service.db).await;
        let id = global_id("Account", account.expect("a row").expect("an account").id.0);
        let link = admin.ask_with(LINK, &json!({ "id": id })).await;
        let link = token(&link.at("/createPasswordResetLink/link"), "password-reset");
        for guessed in GUESSED {
            assert_eq!(reset(&service, &link, guessed).await, ["[\"newPassword\"] | INVALID"], "{guessed}");
        }
        assert_eq!(reset(&service, &link, GOOD).await, Vec::<String>::new(), "what was refused used nothing up");
    });
}

#[test]
fn a_weak_guess_at_a_new_password_is_no_attempt_at_the_old_one() {
    with_empty(async |service| {
        service.make_account(ADA, &[Grant::new(Role::Staff, Scope::Everything)]).await;
        let access = service.sign_in(ADA).await.access;
        for _ in 0..12 {
            let change = json!({ "current": PASSWORD, "new": GUESSED[0] });
            service.bearing(&access).ask_with(CHANGE, &change).await.data();
        }
        let change = json!({ "current": PASSWORD, "new": GOOD });
        let changed = service.bearing(&access).ask_with(CHANGE, &change).await;
        assert_eq!(changed.at("/changePassword/userErrors"), json!([]));
    });
}

#[test]
fn the_command_line_refuses_what_would_be_guessed() {
    with_empty(async |service| {
        for guessed in GUESSED {
            let told = create(&service, ADA, &[], guessed).refused(1);
            assert!(told.contains("This would be guessed soon") && !told.contains(guessed), "{told}");
        }
        create(&service, ADA, &[], PASSWORD).done();
    });
}
