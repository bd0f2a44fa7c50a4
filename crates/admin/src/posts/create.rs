//! A new post.

use access::posts::{self, PostForm};
use askama::Template;
use base::{AreaPath, OrganisationId};
use web::{Choice, Ctx, Form, FromForm, PageResult, Reader, Shell, Typed, WebError};

use crate::section::{self, Section};
use crate::users::{NewPost, read_place, role_choices};
use crate::{Texts, place, says};

#[derive(Template)]
#[template(path = "posts/templates/new.html")]
struct NewPostPage {
    shell: Shell,
    t: Texts,
    form: Typed,
    roles: Vec<Choice>,
    areas: Vec<String>,
    organisations: Vec<String>,
}

/// What a post's form says.
pub struct Described {
    post: NewPost,
    title: String,
}

impl FromForm for Described {
    fn read(form: &mut Reader) -> Option<Self> {
        let post = NewPost::read(form);
        let title = form.optional_text("title", 60);
        Some(Self { post: post?, title: title?.unwrap_or_default() })
    }
}

impl Described {
    /// The form as `access` takes it, for the place that was read.
    pub fn form(&self, (organisation, area): (OrganisationId, AreaPath)) -> PostForm {
        PostForm { role: self.post.role().to_owned(), organisation, title: self.title.clone(), area }
    }
}

/// The empty form.
pub async fn show(ctx: Ctx) -> PageResult {
    web::page(&page(&ctx, ctx.typed("/admin/posts")).await?)
}

async fn page(ctx: &Ctx, form: Typed) -> Result<NewPostPage, WebError> {
    let t = Texts(ctx.language);
    let read = ctx.read().await?;
    let tree = section::areas(ctx, &read).await?;
    let known = place::organisations_for(&read, &ctx.actor.area).await?;
    drop(read);
    Ok(NewPostPage {
        shell: Section::Posts.shell(ctx, t.posts_new()).await?,
        t,
        form,
        roles: role_choices(ctx),
        areas: place::area_names(&tree, &ctx.actor.area),
        organisations: place::organisation_names(&known),
    })
}

/// Makes the post.
pub async fn create(ctx: Ctx, form: Form<Described>) -> PageResult {
    let Form { input, mut typed } = form;
    // The place is looked through whatever else is wrong, so that all of it is said at once.
    let place = read_place(&ctx, &mut typed).await?;
    let wanted = input.zip(place).map(|(described, place)| described.form(place));
    if let Some(wanted) = wanted {
        let write = ctx.write("admin.create_post").await?;
        match posts::create(&write, &ctx.app.roles, &wanted).await {
            Ok(id) => {
                return ctx
                    .save_saying(
                        write,
                        &format!("/admin/posts/{id}"),
                        Texts(ctx.language).said_post_created(),
                    )
                    .await;
            }
            Err(error) => {
                drop(write);
                says::blame(Texts(ctx.language), &mut typed, error)?;
            }
        }
    }
    web::unprocessable(&page(&ctx, typed).await?)
}
