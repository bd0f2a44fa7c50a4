//! What is said on a terminal of errors of the operating system: in our own words, in the language of the terminal, with
//! what to do about it.

use std::io::{Error, ErrorKind};

use store::StoreError;
use web::Language;

/// The language of the terminal, as the environment says it: Chinese, or else English.
pub fn of_terminal() -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    match said.into_iter().find(|value| !value.is_empty()) {
        Some(value) if value.starts_with("zh") => Language::Chinese,
        _ => Language::English,
    }
}

/// One of two wordings.
pub fn in_words(language: Language, chinese: impl Into<String>, english: impl Into<String>) -> String {
    match language {
        Language::Chinese => chinese.into(),
        Language::English => english.into(),
    }
}

/// One of two wordings, as the terminal speaks.
pub fn say(chinese: impl Into<String>, english: impl Into<String>) -> String {
    in_words(of_terminal(), chinese, english)
}

/// The error with its causes on one line; what the operating system says is put into our words.
pub fn told(error: &anyhow::Error, language: Language) -> String {
    let mut parts = Vec::new();
    for cause in error.chain() {
        let inner = match cause.downcast_ref() {
            Some(StoreError::Internal(inner)) => inner.downcast_ref::<Error>(),
            _ => None,
        };
        match inner.or_else(|| cause.downcast_ref::<Error>()) {
            Some(system) => {
                parts.push(of_system(system, language));
                break;
            }
            None => parts.push(match cause.downcast_ref() {
                Some(error) => of_store(error, language),
                None => cause.to_string(),
            }),
        }
    }
    parts.join(in_words(language, "：", ": ").as_str())
}

/// What the database could not do, and what to do about it. What only we can mend, and what names a file, keeps its words.
fn of_store(error: &StoreError, language: Language) -> String {
    let chinese = match error {
        StoreError::Conflict => "记录刚被他人改动，请再试一次".to_owned(),
        StoreError::Duplicate => "已有同样的记录".to_owned(),
        StoreError::NotFound => "没有这条记录".to_owned(),
        StoreError::Busy => "数据库正忙，请稍后再试".to_owned(),
        StoreError::TooLarge { limit_bytes } => format!("太大，一次最多 {limit_bytes} 字节"),
        StoreError::Refused(_) => error.to_string(),
        StoreError::Internal(cause) => format!("数据库出错（{cause:#}），请把这一行告诉管理员"),
    };
    in_words(language, chinese, error.to_string())
}

/// What the operating system refused, and what to do.
pub fn of_system(error: &Error, language: Language) -> String {
    let (chinese, english) = match error.kind() {
        ErrorKind::NotFound => {
            ("没有这个文件或文件夹，请核对路径", "there is no such file or folder; check the path")
        }
        ErrorKind::PermissionDenied => (
            "没有权限，请换有权的用户运行，或改文件（文件夹）的权限",
            "it is not allowed; run as a user who may, or change the rights of the file or folder",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ("磁盘已满，请腾出空间再试", "the disk is full; make room and try again")
        }
        ErrorKind::ReadOnlyFilesystem => (
            "磁盘是只读的，请换一个可写的文件夹",
            "the disk can only be read; choose a folder that can be written",
        ),
        ErrorKind::IsADirectory => ("这是文件夹，请给出文件", "this is a folder; name a file"),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => (
            "路径中有一段是文件，不是文件夹，请换一个路径",
            "a part of the path is a file and no folder; choose another path",
        ),
        ErrorKind::AddrInUse => (
            "端口已被占用，请结束占用它的程序，或用 --listen 换一个端口",
            "the port is taken; end the program that has it, or choose another with --listen",
        ),
        ErrorKind::AddrNotAvailable => (
            "本机没有这个地址，请用 --listen 换一个",
            "this machine has no such address; choose another with --listen",
        ),
        ErrorKind::InvalidInput => {
            ("不是可用的地址或路径，请核对", "this is no usable address or path; check it")
        }
        ErrorKind::InvalidData => ("不是 UTF-8 文本，请核对文件", "it is no text in UTF-8; check the file"),
        _ => {
            return in_words(
                language,
                format!("操作系统报错（{error}），请把这一行告诉管理员"),
                format!("the operating system refused ({error}); tell whoever runs this machine"),
            );
        }
    };
    in_words(language, chinese, english)
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn an_error_of_the_system_is_said_in_our_words() {
        let failed =
            || Err::<(), _>(Error::from_raw_os_error(2)).context("x.toml cannot be read").unwrap_err();
        let english = told(&failed(), Language::English);
        assert_eq!(english, "x.toml cannot be read: there is no such file or folder; check the path");
        let chinese = told(&failed(), Language::Chinese);
        assert!(chinese.ends_with("没有这个文件或文件夹，请核对路径"), "{chinese}");
        let stored = anyhow::Error::new(StoreError::from(Error::from_raw_os_error(28))).context("not taken");
        assert_eq!(told(&stored, Language::English), "not taken: the disk is full; make room and try again");
        let rare = told(&anyhow::Error::new(Error::from_raw_os_error(71)), Language::Chinese);
        assert!(rare.starts_with("操作系统报错（"), "{rare}");
        let busy = anyhow::Error::new(StoreError::Busy).context("打不开数据库");
        assert_eq!(told(&busy, Language::Chinese), "打不开数据库：数据库正忙，请稍后再试");
        assert_eq!(
            told(&anyhow::Error::new(StoreError::Busy), Language::English),
            StoreError::Busy.to_string()
        );
        let own = anyhow::anyhow!("inner").context("outer");
        assert_eq!(told(&own, Language::English), "outer: inner");
    }
}
