//! What changes a right, and what uses it, in one moment: whichever comes first, afterwards it is as the last one says.

use octave_testkit::socket::Socket;
use serde_json::json;

use crate::ask::Came;
use crate::rows::put;
use crate::table::Answer;
use crate::world::{Person, World, api};

const ROUNDS: u32 = 20;

pub(crate) async fn hold(world: &mut World) {
    let person = world.somebody().await;
    no_invitation_outlives_a_ban(world, &person).await;
    nobody_speaks_who_is_blocked(world, &person).await;
}

/// They accept an invitation, come in by it and are banned.
async fn no_invitation_outlives_a_ban(world: &mut World, person: &Person) {
    world.shows_to(2).await;
    let (theirs, link) = (&person.account.as_ref().unwrap().api, world.things.link.clone());
    let (accept, ban) = (api(&format!("/invites/{link}/accept")), format!("/bans/{}", person.name()));
    let looks = async || Came::from(&theirs.get(&world.path("")).await.unwrap());
    for _ in 0..ROUNDS {
        let mut socket = connected(world, person).await;
        let join = json!({ "type": "join", "stage": world.stage, "invite": link });
        let none = json!({});
        let (accepted, entered, ()) = tokio::join!(
            theirs.post(&accept, &none),
            socket.request(join.clone()),
            world.hosts("PUT", &ban, json!({}))
        );
        assert!(accepted.unwrap().status < 500);
        entered.unwrap();
        assert_eq!(says(&mut socket, world).await, Came::Known(Answer::Out), "whoever is banned speaks");
        assert_eq!(looks().await, Came::Known(Answer::Missing), "whoever is banned reads");
        world.hosts("DELETE", &ban, json!({})).await;
        assert_eq!(looks().await, Came::Known(Answer::Missing), "the invitation outlives the ban");
        let again = socket.request(json!({ "type": "join", "stage": world.stage })).await.unwrap();
        assert_eq!(Came::from(&again), Came::Known(Answer::Missing), "the invitation outlives the ban");
        socket.close().await.unwrap();
    }
}

/// They come in, and are blocked by the host.
async fn nobody_speaks_who_is_blocked(world: &mut World, person: &Person) {
    world.shows_to(0).await;
    let block = format!("/blocks/{}", person.name());
    for _ in 0..ROUNDS {
        let mut socket = connected(world, person).await;
        let join = json!({ "type": "join", "stage": world.stage });
        let (entered, ()) = tokio::join!(socket.request(join), put(&world.host.api, &block));
        entered.unwrap();
        assert_eq!(says(&mut socket, world).await, Came::Known(Answer::Out), "whoever is blocked speaks");
        world.host.api.delete(&api(&block)).await.unwrap().expect(204).unwrap();
        socket.close().await.unwrap();
    }
}

async fn connected(world: &World, person: &Person) -> Socket {
    Socket::connect(world.server.addr(), &person.account.as_ref().unwrap().token).await.unwrap().0
}

async fn says(socket: &mut Socket, world: &World) -> Came {
    let line = json!({ "type": "chat", "stage": world.stage, "text": "still here" });
    Came::from(&socket.request(line).await.unwrap())
}
