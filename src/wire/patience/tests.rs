//! Real sockets in virtual time: what waits for the kernel waits for a moment, what waits for an alarm for none.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

async fn pair() -> (Patient, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (Patient::new(listener.accept().await.unwrap().0), peer)
}

/// Sends without end; how much was taken, and why it ended.
async fn pour(stream: &mut Patient) -> (u64, io::Error) {
    let chunk = vec![7; 64 * 1024];
    loop {
        if let Err(error) = stream.write_all(&chunk).await {
            return (stream.taken, error);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_reads_nothing_is_given_up_in_time() {
    let (mut stream, mut peer) = pair().await;
    let began = Instant::now();
    let (taken, error) = pour(&mut stream).await;
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!((PATIENCE..PATIENCE + Duration::from_secs(1)).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert!(taken < TAKEN_AT_FIRST, "{taken} bytes went to a peer that reads nothing");
    drop(stream);
    // What had come may be read, and then it is plain that more was meant to.
    let mut all = Vec::new();
    let end = peer.read_to_end(&mut all).await.map_err(|error| error.kind());
    assert_eq!(end, Err(io::ErrorKind::ConnectionReset));
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_hears_music_is_not() {
    let (mut stream, mut peer) = pair().await;
    let mut hears = tokio::spawn(async move {
        let mut second = vec![0; 16 * 1024];
        for _ in 0..600 {
            peer.read_exact(&mut second).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        peer
    });
    tokio::select! {
        (taken, error) = pour(&mut stream) => panic!("{error} after {taken} bytes"),
        heard = &mut hears => drop(heard.unwrap()),
    }
}

/// What a kernel does for a player at 64 kbit/s that makes room for 128 KiB at a time, and a little slower than that.
#[tokio::test(start_paused = true)]
async fn a_peer_that_makes_room_every_seventeen_seconds_is_not() {
    let (mut stream, mut peer) = pair().await;
    let mut hears = tokio::spawn(async move {
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_secs(17)).await;
            peer.read_exact(&mut vec![0; 1024 * 1024]).await.unwrap();
        }
        peer
    });
    tokio::select! {
        (taken, error) = pour(&mut stream) => panic!("{error} after {taken} bytes"),
        heard = &mut hears => drop(heard.unwrap()),
    }
}

#[test]
fn whoever_has_taken_much_may_rest_longer_but_not_for_ever() {
    assert_eq!(patience(TAKEN_AT_FIRST), PATIENCE);
    assert_eq!(patience(TAKEN_AT_FIRST + 10 * TAKEN_FOR_A_SECOND), PATIENCE + Duration::from_secs(10));
    assert_eq!(patience(u64::MAX), PATIENCE_AT_MOST);
}
