//! Scaffolding until each use case is in.
#![allow(missing_docs, clippy::unused_async, unused_variables)]
use gatepass_collection::model::*;
use crate::failure::*;
use crate::views::*;
use crate::Workbench;
fn missing<T>() -> Result<T, Failure> { Err(Failure::new(Code::Internal, "not there yet", "")) }
impl Workbench {
    pub async fn start(&self) -> Result<Startup, Failure> { missing() }
    pub async fn save_desk(&self, desk: Desk) -> Result<(), Failure> { missing() }
    pub async fn read_hosted_ui_address(&self, text: String) -> Result<PoolDraft, Failure> { missing() }
    pub async fn add_pool(&self, draft: PoolDraft) -> Result<PoolView, Failure> { missing() }
    pub async fn update_pool(&self, pool: String, draft: PoolDraft) -> Result<PoolView, Failure> { missing() }
    pub async fn remove_pool(&self, pool: String) -> Result<(), Failure> { missing() }
    pub async fn add_identity(&self, pool: String, name: String) -> Result<IdentityView, Failure> { missing() }
    pub async fn update_identity(&self, identity: String, name: String, colour: u32) -> Result<IdentityView, Failure> { missing() }
    pub async fn remove_identity(&self, identity: String) -> Result<(), Failure> { missing() }
    pub async fn sign_in(&self, identity: String) -> Result<SignInEnd, Failure> { missing() }
    pub async fn renew(&self, identity: String) -> Result<SignInEnd, Failure> { missing() }
    pub async fn cancel_sign_in(&self, identity: String) -> Result<(), Failure> { missing() }
    pub async fn sign_out(&self, identity: String) -> Result<IdentityView, Failure> { missing() }
    pub async fn reveal_token(&self, identity: String, kind: TokenKind) -> Result<String, Failure> { missing() }
    pub async fn copy_token(&self, identity: String, kind: TokenKind) -> Result<(), Failure> { missing() }
    pub async fn unlock_keychain(&self) -> Result<Startup, Failure> { missing() }
    pub async fn start_sandbox(&self) -> Result<SandboxView, Failure> { missing() }
    pub async fn stop_sandbox(&self) -> Result<(), Failure> { missing() }
    pub async fn create_collection(&self, parent: String, name: String) -> Result<Collection, Failure> { missing() }
    pub async fn open_collection(&self, root: String) -> Result<Collection, Failure> { missing() }
    pub async fn close_collection(&self, root: String) -> Result<(), Failure> { missing() }
    pub async fn open_request(&self, collection: String, path: ItemPath) -> Result<OpenedRequest, Failure> { missing() }
    pub async fn save_request(&self, collection: String, path: ItemPath, request: Request, version: String, force: bool) -> Result<OpenedRequest, Failure> { missing() }
    pub async fn create_request(&self, collection: String, folder: ItemPath, request: Request) -> Result<OpenedRequest, Failure> { missing() }
    pub async fn create_folder(&self, collection: String, folder: ItemPath, name: String) -> Result<ItemPath, Failure> { missing() }
    pub async fn rename_item(&self, collection: String, path: ItemPath, name: String) -> Result<ItemPath, Failure> { missing() }
    pub async fn move_item(&self, collection: String, path: ItemPath, folder: ItemPath, before: Option<ItemPath>) -> Result<ItemPath, Failure> { missing() }
    pub async fn duplicate_item(&self, collection: String, path: ItemPath) -> Result<ItemPath, Failure> { missing() }
    pub async fn delete_item(&self, collection: String, path: ItemPath) -> Result<(), Failure> { missing() }
    pub async fn undo_delete(&self, collection: String) -> Result<ItemPath, Failure> { missing() }
    pub async fn save_defaults(&self, collection: String, path: ItemPath, defaults: Defaults) -> Result<(), Failure> { missing() }
    pub async fn save_environment(&self, collection: String, former: Option<String>, environment: Environment) -> Result<(), Failure> { missing() }
    pub async fn delete_environment(&self, collection: String, name: String) -> Result<(), Failure> { missing() }
    pub async fn set_secret(&self, collection: String, environment: Option<String>, variable: String, value: String) -> Result<(), Failure> { missing() }
    pub async fn reveal_secret(&self, collection: String, environment: Option<String>, variable: String) -> Result<String, Failure> { missing() }
    pub async fn preview(&self, context: RequestContext, request: Request) -> Result<Preview, Failure> { missing() }
    pub async fn send(&self, send: u32, context: RequestContext, request: Request) -> Result<SendEnd, Failure> { missing() }
    pub async fn cancel_send(&self, send: u32) -> Result<(), Failure> { missing() }
    pub async fn find_in_answer(&self, answer: u32, pretty: bool, text: String) -> Result<Vec<u32>, Failure> { missing() }
    pub async fn forget_answer(&self, answer: u32) -> Result<(), Failure> { missing() }
    pub async fn answer_lines(&self, answer: u32, pretty: bool, from: u32, count: u32) -> Result<Vec<u8>, Failure> { missing() }
    pub async fn save_answer(&self, answer: u32, path: String) -> Result<String, Failure> { missing() }
}
