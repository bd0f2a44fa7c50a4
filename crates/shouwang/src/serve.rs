//! `shouwang serve` and `shouwang work`: what runs until somebody ends it.

use std::net::SocketAddr;
use std::time::Duration;

use access::accounts::{self, AccountFilter};
use anyhow::{Context, Result, anyhow, bail};
use base::calendar::Reach;
use clap::Args;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::application::Application;
use crate::configuration::Configuration;
use crate::tongue::say;

/// How long answers may run on after shutdown was asked for.
const GRACE: Duration = Duration::from_secs(20);
/// How often the offset of the office's clock and new areas are taken over from the database, where another node may have
/// changed them.
const CLOCK_EVERY: Duration = Duration::from_secs(2);

/// How to serve.
#[derive(Args)]
pub struct Arguments {
    /// Address and port to listen on; outranks SHOUWANG_LISTEN and the configuration file. Port 0 takes a free one.
    #[arg(long)]
    pub listen: Option<String>,
}

/// Takes the address to serve on. Done before whatever takes long: that the port is taken is said at once.
///
/// # Errors
/// When the address is not free.
pub async fn listen(configuration: &Configuration, arguments: Arguments) -> Result<TcpListener> {
    let address = arguments.listen.unwrap_or_else(|| configuration.listen.clone());
    TcpListener::bind(&address)
        .await
        .with_context(|| say(format!("不能在 {address} 上监听"), format!("{address} cannot be listened on")))
}

/// Serves pages on `listener` and runs jobs until SIGTERM or Ctrl-C; then no new request is taken, those under way are
/// answered, and running jobs are waited for.
///
/// # Errors
/// When the modules do not fit together, or the assets are not built in.
pub async fn serve(application: &Application, listener: TcpListener) -> Result<()> {
    // Heard from the beginning: whoever reads that it serves may ask it to end at once.
    let stopping = stop_on_signal()?;
    check_assets()?;
    let assembly = web::assemble(application.app.clone(), application.modules())
        .with_context(|| say("模块拼不到一起", "the modules cannot be put together"))?;
    application.begin().await?;
    let runner = application.runner().await?;
    warn_of_calendar(application);
    // The address comes last on the line, in either language: programs read it there.
    let here = listener.local_addr()?;
    println!(
        "{}",
        say(format!("守望已启动，请用浏览器打开 http://{here}"), format!("Shouwang serves http://{here}"))
    );
    if !has_accounts(application).await? {
        let command = "shouwang user add admin --name NAME --role administrator";
        println!(
            "{}",
            say(
                format!("还没有账号。请先建一个（NAME 换成姓名）：{command}"),
                format!("There is no account yet. Make one: {command}"),
            )
        );
    }
    let mut beside = JoinSet::new();
    beside.spawn(runner.run(stopped(stopping.clone())));
    beside.spawn(follow_others(application, stopping.clone()));
    let service = assembly.router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopped(stopping.clone()));
    tokio::select! {
        ended = serving => ended.with_context(|| say("服务中断", "the server broke off"))?,
        () = after_grace(stopping) => tracing::warn!(
            "{}",
            say("仍未答完的请求已放弃", "requests that were still under way were given up")
        ),
    }
    while beside.join_next().await.is_some() {}
    tracing::info!("{}", say("已停止", "ended"));
    Ok(())
}

/// Runs jobs, sequencer and listeners until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the database fails at the start.
pub async fn work(application: &Application) -> Result<()> {
    let stopping = stop_on_signal()?;
    application.begin().await?;
    let runner = application.runner().await?;
    println!("{}", say("守望的后台任务已启动。", "Shouwang works."));
    warn_of_calendar(application);
    let mut beside = JoinSet::new();
    beside.spawn(follow_others(application, stopping.clone()));
    runner.run(stopped(stopping)).await;
    while beside.join_next().await.is_some() {}
    tracing::info!("{}", say("已停止", "ended"));
    Ok(())
}

/// Pages without style sheets are no use to anybody; whoever builds the product may start it all the same.
fn check_assets() -> Result<()> {
    match web::assets::check() {
        Err(message) if cfg!(debug_assertions) => tracing::warn!("{message}"),
        Err(message) => bail!(say(format!("页面的样式和脚本没有编进程序（{message}）"), message)),
        Ok(()) => {}
    }
    Ok(())
}

/// Says in the log that the work calendar ends soon, or has ended: deadlines over holidays come too early then.
fn warn_of_calendar(application: &Application) {
    match application.matters.calendar().reach(application.app.now().day()) {
        Reach::Enough => {}
        Reach::EndsOn(until) => tracing::warn!(
            %until,
            "{}",
            say(
                "工作日历即将到期，请在那天之前安装含下一年节假日的版本",
                "the work calendar ends soon; install the version with the next year's holidays before that day",
            )
        ),
        Reach::Ended => tracing::warn!(
            "{}",
            say(
                "工作日历已到期，周一至周五一律按工作日计；请安装含今年节假日的版本",
                "the work calendar has ended and every weekday counts as work; install the version with this year's holidays",
            )
        ),
    }
}

async fn has_accounts(application: &Application) -> Result<bool> {
    let read = application.app.database.read().await?;
    let filter = AccountFilter { with_disabled: true, ..AccountFilter::default() };
    let first = accounts::list(&read, &filter, None, 1).await.map_err(|error| anyhow!(error))?;
    Ok(!first.is_empty())
}

/// Turns to `true` when the process is asked to end.
fn stop_on_signal() -> Result<watch::Receiver<bool>> {
    let (stop, stopping) = watch::channel(false);
    let mut terminate = Termination::new()?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminate.asked() => {}
        }
        tracing::info!("{}", say("已收到停止请求，正在答完手头的请求、做完手头的任务", "asked to end"));
        let _ = stop.send(true);
    });
    Ok(stopping)
}

/// Ready when the process is asked to end.
async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error says that the sender is gone, which ends the process as well.
    let _ = stopping.wait_for(|stops| *stops).await;
}

async fn after_grace(stopping: watch::Receiver<bool>) {
    stopped(stopping).await;
    tokio::time::sleep(GRACE).await;
}

/// Takes the offset of the office's clock and the areas over from the database, now and then, until the process ends.
fn follow_others(
    application: &Application,
    stopping: watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send + 'static {
    let (clock, app) = (application.office_clock.clone(), application.app.clone());
    async move {
        let ended = stopped(stopping);
        tokio::pin!(ended);
        loop {
            tokio::select! {
                () = &mut ended => return,
                () = tokio::time::sleep(CLOCK_EVERY) => {}
            }
            if let Err(error) = clock.refresh(&app.database).await {
                tracing::error!(
                    %error,
                    "{}",
                    say("读不到办公时钟，稍后再试", "the office's clock could not be read; it is tried again")
                );
            }
            app.follow_areas().await;
        }
    }
}

/// SIGTERM, where there is such a thing.
#[cfg(unix)]
struct Termination(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Termination {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(
            signal(SignalKind::terminate())
                .with_context(|| say("收不到 SIGTERM", "SIGTERM cannot be heard"))?,
        ))
    }

    async fn asked(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(not(unix))]
struct Termination;

#[cfg(not(unix))]
impl Termination {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    async fn asked(&mut self) {
        std::future::pending().await
    }
}
