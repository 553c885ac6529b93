//! A small HTTP/1.1 client over one kept connection, as a browser's is.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;

/// What came back.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, lower case, one a line.
    head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    }

    /// How many statements the page took, as the server says.
    pub fn statements(&self) -> f64 {
        let timing = self
            .header("server-timing")
            .and_then(|value| value.strip_prefix("sql;desc=\""));
        timing
            .and_then(|text| text.trim_end_matches('"').parse().ok())
            .expect("the server counts its statements")
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same, when it has the status.
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(
            self.status,
            status,
            "{}\n{}",
            self.head,
            self.text().chars().take(2_000).collect::<String>()
        );
        self
    }
}

/// Somebody with a session; opens a connection when it needs one.
pub struct Client {
    address: String,
    cookie: String,
    connection: Mutex<Option<Connection>>,
}

impl Client {
    /// One that has logged in.
    pub fn new(address: &str, cookie: &str) -> Client {
        Client {
            address: address.into(),
            cookie: cookie.into(),
            connection: Mutex::new(None),
        }
    }

    /// A connection of its own for this person.
    pub fn connect(&self) -> Connection {
        Connection::open(&self.address)
    }

    /// The request for a page, ready to send.
    pub fn request(&self, path: &str) -> Vec<u8> {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
            self.address, self.cookie
        )
        .into_bytes()
    }

    /// Asks for a page.
    pub fn get(&self, path: &str) -> Answer {
        self.send(self.request(path))
    }

    /// Posts a body.
    pub fn post(&self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.cookie,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.send(request)
    }

    /// Posts a form.
    pub fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let escape = kernel::http::escape;
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(n, v)| format!("{}={}", escape(n), escape(v)))
            .collect();
        self.post(
            path,
            "application/x-www-form-urlencoded",
            pairs.join("&").as_bytes(),
        )
    }

    /// Posts a form with a file.
    pub fn file(&self, path: &str, field: &str, name: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----a-boundary-that-no-file-contains";
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        self.post(path, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    fn send(&self, request: Vec<u8>) -> Answer {
        let mut kept = self.connection.lock().expect("one request at a time");
        let connection = kept.get_or_insert_with(|| self.connect());
        connection.ask(&request).expect("the server answers")
    }
}

/// One connection, used for many requests.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(address: &str) -> Connection {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP option");
        Connection {
            stream: BufReader::with_capacity(64 << 10, stream),
        }
    }

    /// Sends a request and reads its answer to the end.
    pub fn ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let mut head = String::new();
        loop {
            let before = head.len();
            if self.stream.read_line(&mut head)? == 0 {
                return Err(std::io::Error::other("the connection was closed"));
            }
            if head.len() - before <= 2 {
                break;
            }
        }
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        let (first, rest) = head.split_once('\n').unwrap_or_default();
        let head: String = rest
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| format!("{}:{value}\n", name.to_lowercase()))
            .collect();
        let mut answer = Answer {
            status,
            head,
            body: vec![],
        };
        let length = answer.header("content-length").and_then(|text| text.parse().ok());
        let length: usize = length.unwrap_or_else(|| panic!("{first}: no content-length"));
        answer.body.resize(length, 0);
        self.stream.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}
