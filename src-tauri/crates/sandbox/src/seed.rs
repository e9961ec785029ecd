//! The fixed names of what every sandbox holds, for the tests and the documents that refer to them.

/// The region in every identifier.
pub const REGION: &str = "us-east-1";
/// The account in every resource name.
pub const ACCOUNT: &str = "123456789012";
/// The user pool.
pub const POOL_ID: &str = "us-east-1_SandBox01";
/// The API's id in its definition.
pub const API_ID: &str = "sandbox0ap";

/// A public client with the implicit and the code grant.
pub const PUBLIC_CLIENT: &str = "1example23456789abcdefghij";
/// A client with a secret, the code grant and the client credentials grant.
pub const SECRET_CLIENT: &str = "2secretive3456789abcdefghi";
/// The secret of [`SECRET_CLIENT`].
pub const CLIENT_SECRET: &str = "sandbox0client0secret0of0the0local0pool0only00000001";
/// A public client without the implicit grant.
pub const CODE_CLIENT: &str = "3codeonly23456789abcdefghi";
/// A public client whose token trigger fails, so that every sign-in ends in `server_error`.
pub const FAILING_CLIENT: &str = "4failing223456789abcdefghi";

/// A scope of the PetStore's resource server.
pub const READ_SCOPE: &str = "petstore/read";
/// Another scope of it, granted only to [`SECRET_CLIENT`].
pub const WRITE_SCOPE: &str = "petstore/write";

/// The callbacks that every client has; the first is never loaded by the app, which takes the redirect before.
pub const CALLBACKS: [&str; 3] = ["https://example.com/", "http://localhost:4180/callback", "gatepass://callback"];

/// A user in the groups buyers and beta.
pub const ADA: (&str, &str) = ("ada", "Analytical-Engine-1843");
/// A user in the group admins.
pub const GRACE: (&str, &str) = ("grace", "Compiler-A0-1952");
/// A user made by an administrator, who must change the temporary password first.
pub const NEWCOMER: (&str, &str) = ("newcomer", "Welcome-1-Temporary");

/// The name of the identity provider behind the pool, for `identity_provider`.
pub const PROVIDER: &str = "Google";
/// An identifier of [`PROVIDER`], for `idp_identifier`.
pub const PROVIDER_IDENTIFIER: &str = "example.org";
/// The pool's client id at [`PROVIDER`].
pub const PROVIDER_CLIENT: &str = "123456789012-sandbox.apps.example.org";
/// The one account at [`PROVIDER`].
pub const PROVIDER_ACCOUNT: &str = "ada@example.org";
/// The id of [`PROVIDER_ACCOUNT`] at the provider.
pub const PROVIDER_SUBJECT: &str = "109876543210987654321";
/// The user of the pool that [`PROVIDER_ACCOUNT`] is after the first sign-in.
pub const FEDERATED_USERNAME: &str = "Google_109876543210987654321";

/// The stage at which the usage plans hang.
pub const STAGE: &str = "dev";
/// A stage with a usage plan of its own, which has only [`KEY_OF_OTHER_STAGE`].
pub const OTHER_STAGE: &str = "test";

/// An enabled key in the plan of [`STAGE`].
pub const KEY: &str = "SandboxKeyEveryday00000000000000000001";
/// A key in the same plan that is disabled.
pub const DISABLED_KEY: &str = "SandboxKeyDisabled00000000000000000002";
/// An enabled key that is in no plan.
pub const PLANLESS_KEY: &str = "SandboxKeyWithoutPlan00000000000000003";
/// A key whose plan allows [`SMALL_QUOTA`] calls a day.
pub const SMALL_QUOTA_KEY: &str = "SandboxKeySmallQuota000000000000000004";
/// A key whose plan allows one call a second, without a burst.
pub const SLOW_KEY: &str = "SandboxKeySlowRate00000000000000000005";
/// An enabled key whose plan is attached to [`OTHER_STAGE`] only.
pub const KEY_OF_OTHER_STAGE: &str = "SandboxKeyOtherStage000000000000000006";
/// The calls a day that [`SMALL_QUOTA_KEY`] has.
pub const SMALL_QUOTA: u32 = 3;
