//! Accounts and credentials for tests.

use crate::answer::Answer;
use crate::service::Service;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, RoleGrantId};
use entity::{account, role_grant};
use lmi::auth::{Grant, Role, Scope};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, IntoActiveModel as _};
use serde_json::json;

/// Where the service is said to be reached from outside.
pub const PUBLIC_URL: &str = "https://lmi.example.org";

/// The password of every account that a test makes.
pub const PASSWORD: &str = "correct horse battery staple";
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$GhIuaaXYP9ukdETjCY4s+g$lcmd/HzKIrujfUtNtkzNFxPRnGPZN76x0jxHdiQB3jU";

const SIGN_IN: &str =
    "mutation ($email: String!, $password: String!) { signIn(input: {email: $email, password: $password}) {
    accessToken refreshToken expiresAt viewer { account { email displayName } } userErrors { field code message } } }";

/// A key that signs tokens, the same for the same number. Nothing but tests is signed with it.
pub fn signing_key(number: u8) -> String {
    // A private key in PKCS#8, Ed25519: what it is, then 32 bytes.
    let header = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let der = [&header[..], &[number; 32]].concat();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64_STANDARD.encode(der))
}

/// What somebody has who signed in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Shown with requests.
    pub access: String,
    /// What the next is got for.
    pub refresh: String,
}

impl Tokens {
    /// The tokens that a mutation answered.
    pub fn of(answer: &Answer, mutation: &str) -> Self {
        let text = |field: &str| {
            let token = answer.at(&format!("/{mutation}/{field}"));
            token.as_str().unwrap_or_else(|| panic!("no {field}: {}", answer.text)).to_owned()
        };
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}

impl Service {
    /// Makes an account with these grants, whose password is [`PASSWORD`].
    pub async fn make_account(&self, email: &str, grants: &[Grant]) -> AccountId {
        let now = Self::clock().now();
        let account = account::Model {
            id: AccountId::new(),
            email: email.to_owned(),
            display_name: format!("Nobody {}", email.split('@').next().unwrap_or_default()),
            last_sign_in_at: None,
            disabled_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let id = account.id;
        account.into_active_model().reset_all().insert(&self.db).await.expect("an account");
        let hash = format!("UPDATE account SET password_hash = '{HASH}' WHERE id = '{}'", id.0);
        self.db.execute_unprepared(&hash).await.expect("a password");
        for grant in grants {
            self.make_grant(id, *grant, None).await;
        }
        id
    }

    /// Grants something to an account, until then.
    pub async fn make_grant(&self, account: AccountId, grant: Grant, until: Option<DateTime<Utc>>) -> RoleGrantId {
        let (mut organization_id, mut district_id, mut convening_id, mut region_id) = (None, None, None, None);
        match grant.scope {
            Scope::Everything => {}
            Scope::Organization(id) => organization_id = Some(id),
            Scope::District(id) => district_id = Some(id),
            Scope::Convening(id) => convening_id = Some(id),
            Scope::Region(id) => region_id = Some(id),
        }
        let row = role_grant::Model {
            id: RoleGrantId::new(),
            account_id: account,
            role: grant.role.into(),
            organization_id,
            district_id,
            convening_id,
            region_id,
            expires_at: until,
            granted_by: None,
            granted_at: Self::clock().now(),
            revoked_at: None,
        };
        let id = row.id;
        row.into_active_model().reset_all().insert(&self.db).await.expect("a grant");
        id
    }

    /// The answer to an attempt to sign in.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.ask_with(SIGN_IN, &json!({ "email": email, "password": password })).await
    }

    /// The tokens of an account that a test made.
    pub async fn sign_in(&self, email: &str) -> Tokens {
        Tokens::of(&self.try_sign_in(email, PASSWORD).await, "signIn")
    }

    /// The service as an account with these grants, which is made and signed in.
    pub async fn signed_in(&self, email: &str, grants: &[Grant]) -> Self {
        self.make_account(email, grants).await;
        self.bearing(&self.sign_in(email).await.access)
    }

    /// The service as an administrator, who is made and signed in.
    pub async fn administrator(&self) -> Self {
        self.signed_in("keeper@example.org", &[Grant::new(Role::Admin, Scope::Everything)]).await
    }
}
