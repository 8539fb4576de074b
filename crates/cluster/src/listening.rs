//! Addresses: where a scheduler or an executor listens, and where a scheduler is found.

use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;

use crate::error::ClusterError;
use crate::trust::Certificate;

/// The port of a scheduler when none is said.
const SCHEDULER_PORT: u16 = 50_050;

/// Where a scheduler is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name or number of the machine.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Address {
    /// Whether it is this machine itself, so that what is said there is heard by nobody else.
    pub(crate) fn is_home(&self) -> bool {
        is_home(&self.host)
    }
}

/// Whether a name or number, as it stands in an address, is that of this machine itself.
pub(crate) fn is_home(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(number) => number.is_loopback(),
        Err(_) => host == "localhost",
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}

impl std::str::FromStr for Address {
    type Err = ClusterError;

    /// Reads `df://HOST:PORT`, `HOST:PORT` or `HOST`.
    fn from_str(text: &str) -> Result<Self, ClusterError> {
        let wrong = || ClusterError::Address(text.to_owned());
        let place = text.strip_prefix("df://").unwrap_or(text);
        let place = place.strip_suffix('/').unwrap_or(place);
        // The last colon is before the port, unless it is inside the brackets of an IPv6 number.
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
            _ => (place, SCHEDULER_PORT),
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let shaped = bare.unwrap_or(host).chars().all(|character| {
            character.is_ascii_alphanumeric()
                || "-._".contains(character)
                || (bare.is_some() && character == ':')
        });
        if host.is_empty() || !shaped || port == 0 {
            return Err(wrong());
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }
}

/// Starts to listen; a port of 0 is any that is free. What is heard beyond this machine must be in TLS, unless that was
/// given up in words.
pub(crate) async fn listen(
    bind: IpAddr,
    port: u16,
    certificate: Option<&Certificate>,
    insecure: bool,
) -> Result<(TcpListener, SocketAddr), ClusterError> {
    let address = SocketAddr::new(bind, port);
    if certificate.is_none() && !bind.is_loopback() && !insecure {
        return Err(ClusterError::Open(address));
    }
    let failed = |source| ClusterError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses() {
        let read = |text: &str| text.parse::<Address>().map(|address| address.to_string()).ok();
        assert_eq!(read("df://machine-1:7000").as_deref(), Some("machine-1:7000"));
        assert_eq!(read("10.0.0.1:50050/").as_deref(), Some("10.0.0.1:50050"));
        assert_eq!(
            read("machine.trust.nhs.uk").as_deref(),
            Some("machine.trust.nhs.uk:50050")
        );
        assert_eq!(read("[::1]:7000").as_deref(), Some("[::1]:7000"));
        assert_eq!(read("[::1]").as_deref(), Some("[::1]:50050"));
        for text in [
            "",
            "df://",
            ":7000",
            "host:port",
            "host:0",
            "host:70000",
            "http://host:1",
            "a b:1",
            "::1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[tokio::test]
    async fn nothing_listens_to_the_network_in_clear_unasked() {
        let everybody = IpAddr::from([0, 0, 0, 0]);
        let refused = listen(everybody, 0, None, false).await.unwrap_err();
        assert!(refused.is_refusal() && refused.to_string().contains("--insecure"));
        assert!(listen(everybody, 0, None, true).await.is_ok());
        let (_listener, address) = listen(IpAddr::from([127, 0, 0, 1]), 0, None, false)
            .await
            .unwrap();
        assert_ne!(address.port(), 0);
        let taken = listen(address.ip(), address.port(), None, false)
            .await
            .unwrap_err();
        assert!(taken.is_call(), "{taken}");
    }
}
