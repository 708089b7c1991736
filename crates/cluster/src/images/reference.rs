//! Image references: registry, repository, tag and digest; and why one cannot be pulled.

use super::IMAGES;

/// The parts of a reference such as `docker.io/library/nginx:1.27@sha256:0`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Such as `docker.io`.
    pub registry: String,
    /// Without registry, and without Docker Hub's `library/`.
    pub repository: String,
    /// Empty when there is a digest and no tag.
    pub tag: String,
}

impl Reference {
    /// Reads one; whatever the text, something comes out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (registry, repository, tag) = split(text);
        let tag = tag.unwrap_or(if text.contains('@') { "" } else { "latest" });
        let registry = registry.unwrap_or("docker.io");
        Self { registry: registry.to_owned(), repository: repository.to_owned(), tag: tag.to_owned() }
    }

    /// The reference as the container runtime has it: `docker.io/library/nginx:1.27`.
    #[must_use]
    pub fn canonical(&self) -> String {
        let tag = if self.tag.is_empty() { String::new() } else { format!(":{}", self.tag) };
        format!("{}{tag}", self.name())
    }

    /// The image as its content names it.
    #[must_use]
    pub fn digest(&self) -> String {
        format!("{}@sha256:{}", self.name(), crate::kubelet::digest(&self.canonical()))
    }

    /// Its size in bytes, in the order of real ones.
    #[must_use]
    pub fn size(&self) -> u64 {
        let spread =
            self.canonical().bytes().fold(7u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        2_000_000 + spread % 70_000_000
    }

    fn name(&self) -> String {
        let hub = self.registry == "docker.io" && !self.repository.contains('/');
        format!("{}/{}{}", self.registry, if hub { "library/" } else { "" }, self.repository)
    }
}

/// The repository of a reference, without registry, tag and digest.
#[must_use]
pub fn repository(reference: &str) -> &str {
    split(reference).1
}

/// Registry, repository and tag, as far as they are there.
fn split(text: &str) -> (Option<&str>, &str, Option<&str>) {
    let name = text.split('@').next().unwrap_or(text);
    let end = name.rfind('/').map_or(0, |slash| slash + 1);
    let (name, tag) = match name[end..].find(':') {
        Some(colon) => (&name[..end + colon], Some(&name[end + colon + 1..])),
        None => (name, None),
    };
    let is_registry = |first: &str| first.contains('.') || first.contains(':') || first == "localhost";
    let (registry, name) = match name.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, name),
    };
    (registry, name.strip_prefix("library/").unwrap_or(name), tag)
}

/// Whether a tag looks like one that projects give: `latest`, a version, or a word for a flavour.
pub(super) fn usual_tag(tag: &str) -> bool {
    const WORDS: [&str; 9] = ["latest", "stable", "mainline", "alpine", "slim", "bookworm", "trixie", "musl", "glibc"];
    let head = tag.split('-').next().unwrap_or(tag);
    let version = head.strip_prefix('v').unwrap_or(head);
    let numbers = || version.split('.').all(|n| !n.is_empty() && n.len() < 4 && n.bytes().all(|b| b.is_ascii_digit()));
    WORDS.contains(&head) || numbers()
}

/// Why an image cannot be pulled, in containerd's words; `None` when it can.
#[must_use]
pub fn refusal(image: &str) -> Option<String> {
    let reference = Reference::read(image);
    let name = reference.canonical();
    let begin = format!("failed to pull and unpack image \"{name}\": failed to resolve reference \"{name}\"");
    let known = IMAGES.iter().find(|known| known.repository() == reference.repository);
    match known {
        Some(known) if reference.tag.is_empty() || known.has_tag(&reference.tag) => None,
        Some(_) => Some(format!("rpc error: code = NotFound desc = {begin}: {name}: not found")),
        None => Some(format!(
            "{begin}: pull access denied, repository does not exist or may require authorization: server message: \
             insufficient_scope: authorization failed"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_parts() {
        for (text, registry, repository, tag) in [
            ("nginx", "docker.io", "nginx", "latest"),
            ("nginx:1.27", "docker.io", "nginx", "1.27"),
            ("docker.io/library/nginx:1.27@sha256:0", "docker.io", "nginx", "1.27"),
            ("nginx@sha256:0", "docker.io", "nginx", ""),
            ("localhost:5000/nginx:1", "localhost:5000", "nginx", "1"),
            ("registry.k8s.io/coredns/coredns:v1.13.1", "registry.k8s.io", "coredns/coredns", "v1.13.1"),
            ("", "docker.io", "", "latest"),
        ] {
            let read = Reference::read(text);
            assert_eq!((&*read.registry, &*read.repository, &*read.tag), (registry, repository, tag), "{text}");
        }
    }

    #[test]
    fn typos_cannot_be_pulled() {
        for (image, want) in [("nginx:1.25", true), ("nginx:alpine", true), ("nginx:latst", false), ("ngnix", false)] {
            assert_eq!(refusal(image).is_none(), want, "{image}");
        }
        assert_eq!(Reference::read("nginx:1.25").canonical(), "docker.io/library/nginx:1.25");
    }
}
