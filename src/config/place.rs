//! Where files are to lie: a folder, or a bucket with the key to it.

use std::path::PathBuf;

use super::options::Options;
use super::values::BadConfig;
use crate::library::media::{BucketAt, DEFAULT_CACHE_BYTES, Place, Style};

/// The largest file that a bucket takes in one piece.
const ONE_PIECE: u64 = 5 * 1024 * 1024 * 1024;

/// The place, and what of a bucket may be kept here.
pub(super) fn of(options: &Options, max_upload_bytes: u64) -> Result<(Place, u64), BadConfig> {
    let cache_bytes = options.cache_bytes.unwrap_or(DEFAULT_CACHE_BYTES.max(max_upload_bytes));
    let place = match options.files.as_deref() {
        None => Place::Data,
        Some(files) => match files.split_once("://") {
            Some(("s3", bucket)) => Place::Bucket(bucket_at(options, files, bucket)?),
            Some(_) => {
                return Err(BadConfig::new(format!("--files {files:?}: expected a folder, or s3://BUCKET/PREFIX")));
            }
            None if files.is_empty() => {
                return Err(BadConfig::new("--files: expected a folder, or s3://BUCKET/PREFIX"));
            }
            None => Place::Folder(PathBuf::from(files)),
        },
    };
    if !matches!(place, Place::Bucket(_)) {
        let given = [
            ("--s3-endpoint", options.s3_endpoint.is_some()),
            ("--s3-region", options.s3_region.is_some()),
            ("--s3-key", options.s3_key.is_some()),
            ("--s3-secret", options.s3_secret.is_some()),
            ("--cache-bytes", options.cache_bytes.is_some()),
        ];
        if let Some((option, _)) = given.iter().find(|(_, is_given)| *is_given) {
            return Err(BadConfig::new(format!("{option} is for a bucket: add --files s3://BUCKET")));
        }
        return Ok((place, cache_bytes));
    }
    if max_upload_bytes > ONE_PIECE {
        return Err(BadConfig::new(format!(
            "--max-upload-bytes {max_upload_bytes}: a bucket takes {ONE_PIECE} at most"
        )));
    }
    if cache_bytes < max_upload_bytes {
        let least = format!("expected at least --max-upload-bytes, {max_upload_bytes}");
        return Err(BadConfig::new(format!("--cache-bytes {cache_bytes}: {least}")));
    }
    Ok((place, cache_bytes))
}

fn bucket_at(options: &Options, files: &str, bucket: &str) -> Result<BucketAt, BadConfig> {
    let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    let mut folders = prefix.trim_end_matches('/').split('/');
    let fits = !name.is_empty() && is_plain(name) && !name.starts_with('.');
    let leads_there = prefix.is_empty() || folders.all(|f| !f.is_empty() && f != "." && f != ".." && is_plain(f));
    if !fits || !leads_there {
        return Err(BadConfig::new(format!(
            "--files {files:?}: expected s3://BUCKET/PREFIX of letters, digits, - . and _"
        )));
    }
    let needed = |option: &str, value: &Option<String>| {
        value
            .clone()
            .filter(|v| !v.is_empty())
            .ok_or_else(|| BadConfig::new(format!("--files {files:?} needs {option}")))
    };
    let region = options.s3_region.clone().unwrap_or_else(|| "us-east-1".to_owned());
    if region.is_empty() || !is_plain(&region) {
        return Err(BadConfig::new(format!("--s3-region {region:?}: expected a name, such as eu-central-1")));
    }
    // Servers of one's own seldom have a name for each bucket, and a dot in a name fits no certificate.
    let style = if options.s3_endpoint.is_some() || name.contains('.') { Style::Path } else { Style::Host };
    let endpoint = match &options.s3_endpoint {
        Some(url) => endpoint(url)?,
        None => format!("https://s3.{region}.amazonaws.com"),
    };
    Ok(BucketAt {
        endpoint,
        region,
        name: name.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{}/", prefix.trim_end_matches('/')) },
        key: needed("--s3-key", &options.s3_key)?,
        secret: needed("--s3-secret", &options.s3_secret)?,
        style,
    })
}

fn endpoint(url: &str) -> Result<String, BadConfig> {
    let uri: Option<axum::http::Uri> = url.parse().ok();
    let fits = uri.is_some_and(|uri| {
        let has_name = uri.authority().is_some_and(|a| !a.as_str().contains('@') && !a.host().is_empty());
        matches!(uri.scheme_str(), Some("http" | "https")) && has_name && uri.query().is_none()
    });
    // It is not shown: somebody may have put a secret into it.
    if fits { Ok(url.to_owned()) } else { Err(BadConfig::new("--s3-endpoint: expected http(s)://host[:port]")) }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn with(files: &str) -> Options {
        let text = |text: &str| Some(text.to_owned());
        Options { files: text(files), s3_key: text("id"), s3_secret: text("hush"), ..Options::default() }
    }

    #[test]
    fn a_folder_or_a_bucket() {
        let folder = Config::of(Options { files: Some("/mnt/music".into()), ..Options::default() }).unwrap();
        assert!(matches!(folder.files, Place::Folder(path) if path == std::path::Path::new("/mnt/music")));
        assert!(matches!(Config::of(Options::default()).unwrap().files, Place::Data));
        let bucket = |options: Options| match Config::of(options).unwrap().files {
            Place::Bucket(at) => at,
            other => panic!("{other:?}"),
        };
        let at = bucket(Options { s3_region: Some("eu-central-1".into()), ..with("s3://songs/of/ours/") });
        assert_eq!((at.name.as_str(), at.prefix.as_str(), at.style), ("songs", "of/ours/", Style::Host));
        assert_eq!(at.endpoint, "https://s3.eu-central-1.amazonaws.com");
        assert_eq!(bucket(with("s3://my.songs")).style, Style::Path);
        let own = bucket(Options { s3_endpoint: Some("http://10.0.0.9:9000".into()), ..with("s3://songs") });
        assert_eq!((own.style, own.prefix.as_str()), (Style::Path, ""));
        assert!(!format!("{own:?}").contains("hush"));
    }

    #[test]
    fn what_makes_no_sense_is_told_and_no_secret_with_it() {
        let text = |text: &str| Some(text.to_owned());
        let none = Options::default;
        for (options, told) in [
            (with("ftp://songs"), "--files \"ftp://songs\""),
            (with("s3://"), "--files \"s3://\""),
            (with("s3://songs/../other"), "expected s3://BUCKET/PREFIX"),
            (with("s3://songs//x"), "expected s3://BUCKET/PREFIX"),
            (Options { files: text(""), ..none() }, "--files: expected"),
            (Options { s3_key: None, ..with("s3://songs") }, "needs --s3-key"),
            (Options { s3_secret: text(""), ..with("s3://songs") }, "needs --s3-secret"),
            (Options { s3_secret: text("hush"), ..none() }, "--s3-secret is for a bucket"),
            (Options { cache_bytes: Some(9), ..none() }, "--cache-bytes is for a bucket"),
            (Options { cache_bytes: Some(9), ..with("s3://songs") }, "--cache-bytes 9"),
            (Options { s3_endpoint: text("http://a:hush@b"), ..with("s3://songs") }, "--s3-endpoint: expected"),
            (Options { s3_endpoint: text("b:9000"), ..with("s3://songs") }, "--s3-endpoint: expected"),
            (Options { s3_region: text("a b"), ..with("s3://songs") }, "--s3-region"),
            (Options { max_upload_bytes: Some(ONE_PIECE + 1), ..with("s3://songs") }, "--max-upload-bytes"),
        ] {
            let said = Config::of(options).unwrap_err().to_string();
            assert!(said.contains(told) && !said.contains("hush") && !said.contains('\n'), "{said}");
        }
    }
}
