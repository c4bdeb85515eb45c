// Generated from protocol/openapi.json by `scripts/generate`; don't edit.

import type { Adding, AlbumId, ArtistId, ChatLine, Comment, CommentId, Control, Duration, EntryId, GuestRight, Instant, Mute, NotificationId, NotificationKind, Participant, PlaylistId, Queue, QueueItem, QueueMode, QueueOrder, Repeat, Rev, Role, Seq, SharedVolume, Song, SongId, Stage, StageId, StartBarrier, Succession, User, UserId, Visibility } from "../protocol/gen";

/** The stable `code` of a problem document. */
export type ProblemCode = "account_disabled" | "album_exists" | "bad_body" | "bad_credentials" | "bad_host" | "bad_json" | "bad_text" | "banned" | "blocked" | "busy" | "conflict" | "email_taken" | "forbidden" | "foreign_origin" | "has_account" | "internal" | "invalid_field" | "invite_required" | "last_admin" | "limit_reached" | "link_gone" | "misdirected" | "no_such_range" | "not_found" | "order_fixed" | "rate_limited" | "registration_closed" | "stage_not_found" | "storage_full" | "storage_unavailable" | "too_large" | "too_many_waiting" | "unauthenticated" | "unsupported_audio" | "unsupported_image" | "unsupported_media_type" | "unsupported_playlist" | "username_taken" | "wrong_password";

export interface paths {
    "/api/v1/admin/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The invitations that still let somebody in, the latest first; for administrators. */
        get: operations["get_admin_invites"];
        put?: never;
        /** Invite people to make an account; for administrators. */
        post: operations["post_admin_invites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/invites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Call an invitation back: it lets nobody in any more. For administrators. */
        delete: operations["delete_admin_invites_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/moderation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What administrators have done, the latest first; for administrators. */
        get: operations["get_admin_moderation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stages that have not ended, closed ones too, the latest opened first; for administrators. */
        get: operations["get_admin_stages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/stages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a stage, whoever hosts it; everyone in it is told. For administrators. */
        delete: operations["delete_admin_stages_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How much there is; for administrators. */
        get: operations["get_admin_storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, by name; for administrators. */
        get: operations["get_admin_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an account for good, as its owner can: their stages end, their songs stay. For administrators. */
        delete: operations["delete_admin_users_username"];
        options?: never;
        head?: never;
        /**
         * Make somebody an administrator or no longer one, disable an account or let it be used again; for administrators. One
         *     administrator stays: 409 `last_admin`.
         */
        patch: operations["patch_admin_users_username"];
        trace?: never;
    };
    "/api/v1/albums": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Albums, the latest first. */
        get: operations["get_albums"];
        put?: never;
        /** Makes an album; songs come to it by their `album` and `artist`. */
        post: operations["post_albums"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/albums/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One album and its songs. */
        get: operations["get_albums_id"];
        put?: never;
        post?: never;
        /** Deletes an album; its songs stay, without one. */
        delete: operations["delete_albums_id"];
        options?: never;
        head?: never;
        /** Changes an album: its maker, or an administrator. */
        patch: operations["patch_albums_id"];
        trace?: never;
    };
    "/api/v1/albums/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is said of an album, the latest first. */
        get: operations["get_albums_id_comments"];
        put?: never;
        /** Say something of an album. Whom its owner has blocked is refused. */
        post: operations["post_albums_id_comments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/albums/{id}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An album's cover. */
        get: operations["get_albums_id_cover"];
        /** Gives an album a cover: the picture is the body. */
        put: operations["put_albums_id_cover"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Artists by name. */
        get: operations["get_artists"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artists/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One artist; the songs are at `/songs?artist_id=`, the albums at `/albums?artist_id=`. */
        get: operations["get_artists_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/artists/{id}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Follow an artist. Idempotent. */
        put: operations["put_artists_id_follow"];
        post?: never;
        /** Follow an artist no more. Idempotent. */
        delete: operations["delete_artists_id_follow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in. A second cookie is set, too, which stays after a log-out: a browser that shows it is let try a password while
         *     others who guess at the account are not.
         */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this login. Its `WebSocket`s are closed with 4409. */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make an account and log in. */
        post: operations["post_auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My logins, the last used first. */
        get: operations["get_auth_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my logins. Its `WebSocket`s are closed with 4409. */
        delete: operations["delete_auth_sessions_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom I have blocked, by name. */
        get: operations["get_blocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blocks/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Block somebody; a friendship ends, and they are out of the stages that I host. Idempotent. */
        put: operations["put_blocks_username"];
        post?: never;
        /** Lift a block. Idempotent. */
        delete: operations["delete_blocks_username"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a comment away: its author, the owner of the song or the album, or an administrator. */
        delete: operations["delete_comments_id"];
        options?: never;
        head?: never;
        /** Put a comment of mine in other words. */
        patch: operations["patch_comments_id"];
        trace?: never;
    };
    "/api/v1/friends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My friendships, by name. */
        get: operations["get_friends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/friends/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Ask somebody to be friends, or accept when they asked me. Idempotent. */
        put: operations["put_friends_username"];
        post?: never;
        /** Decline, cancel or unfriend. Idempotent. */
        delete: operations["delete_friends_username"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/genres": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The genres, those with most songs first. */
        get: operations["get_genres"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/genres/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One genre; its songs are at `/songs?genre=`, its stages at `/stages?genre=`. */
        get: operations["get_genres_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guest-links/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The door of a stage, to whoever has a link for guests: what they would come into. Nothing is used by it. */
        get: operations["get_guest-links_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guest-links/{code}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cover of the stage that a link for guests leads to. */
        get: operations["get_guest-links_code_cover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/guest-links/{code}/enter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Come in by a link, without an account. The login that begins is good for a day from its last use on, and for this one
         *     stage; the session cookie is set too. Who is logged in already needs no link: 409 `has_account`.
         */
        post: operations["post_guest-links_code_enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invites/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The door of a stage, to whoever has an invitation, logged in or not: what it is called and who invites. Nothing is
         *     accepted by it.
         */
        get: operations["get_invites_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invites/{code}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an invitation, or a link for guests by somebody with an account: from now on I may enter. */
        post: operations["post_invites_code_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invites/{code}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cover of the stage that an invitation leads to. */
        get: operations["get_invites_code_cover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My profile. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        /**
         * End my account, for good. All my logins end at once, my stages end, and what hangs on the account goes within moments;
         *     `GET /me/deletion` tells what. My name rests for 30 days before anybody else may have it.
         */
        delete: operations["delete_me"];
        options?: never;
        head?: never;
        /** Change my profile. Name, address and password, which are the login, need `current_password`: 403 `wrong_password`. */
        patch: operations["patch_me"];
        trace?: never;
    };
    "/api/v1/me/artists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The artists that I follow, by name. */
        get: operations["get_me_artists"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give me an avatar: the picture is the body. */
        put: operations["put_me_avatar"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/deletion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would go with my account, and what would stay. */
        get: operations["get_me_deletion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is mine: a ZIP archive with a JSON file for each kind of thing, and the sound files, covers and the avatar. It
         *     is made while it is read. A few times an hour.
         */
        get: operations["get_me_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What I have heard, the latest first. A song counts when half of it or four minutes have sounded, by what my own player
         *     told.
         */
        get: operations["get_me_history"];
        put?: never;
        post?: never;
        /** Forget what I have heard. How often songs were heard stays. */
        delete: operations["delete_me_history"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep my name: the guest who asks has an account from now on, with all that they have said and added. Their login as a
         *     guest ends, its `WebSocket`s are closed with 4409, and a new one begins.
         */
        post: operations["post_me_keep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/likes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The songs that I like, the latest uploaded first. */
        get: operations["get_me_likes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/past-stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stages that have ended and that I hosted or was in, the latest opened first: their log can be read, and kept as a
         *     playlist. One that would be closed to me by now is left out.
         */
        get: operations["get_me_past-stages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/push": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this login's device is told of what concerns me while no page is open, and what to subscribe with. */
        get: operations["get_me_push"];
        /**
         * Tell this login's device from here on: of invitations, requests to be friends, mentions, answers, and stages that those
         *     whom I follow open, as far as my notification settings want them. It ends with the login. My latest 20 devices are told.
         *     Idempotent.
         */
        put: operations["put_me_push"];
        post?: never;
        /** This login's device is told no more. Idempotent. */
        delete: operations["delete_me_push"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What concerns me, the latest first. The latest 300 are kept. */
        get: operations["get_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** I have read these. My other connections hear of it. Idempotent. */
        post: operations["post_notifications_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which notifications I want. */
        get: operations["get_notifications_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change which notifications I want, by kind: `{"comment": false}`. */
        patch: operations["patch_notifications_settings"];
        trace?: never;
    };
    "/api/v1/playlists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Playlists, the latest first. */
        get: operations["get_playlists"];
        put?: never;
        /** Makes a playlist. */
        post: operations["post_playlists"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/playlists/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a playlist from another player's file, of the songs that the library has: all at once, or nothing. */
        post: operations["post_playlists_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/playlists/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One playlist and its entries. */
        get: operations["get_playlists_id"];
        put?: never;
        post?: never;
        /** Deletes a playlist; its songs stay. */
        delete: operations["delete_playlists_id"];
        options?: never;
        head?: never;
        /** Changes a playlist's name or description. */
        patch: operations["patch_playlists_id"];
        trace?: never;
    };
    "/api/v1/playlists/{id}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A playlist's cover. */
        get: operations["get_playlists_id_cover"];
        /** Gives a playlist a cover: the picture is the body. */
        put: operations["put_playlists_id_cover"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/playlists/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A playlist for another player. */
        get: operations["get_playlists_id_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/playlists/{id}/songs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The entries of a playlist, in order. */
        get: operations["get_playlists_id_songs"];
        put?: never;
        /** Adds a song; it may stand there already. */
        post: operations["post_playlists_id_songs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/playlists/{id}/songs/{entry_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes an entry out. */
        delete: operations["delete_playlists_id_songs_entry_id"];
        options?: never;
        head?: never;
        /** Moves an entry. */
        patch: operations["patch_playlists_id_songs_entry_id"];
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Searches the library, the stages and the people. */
        get: operations["get_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This server, and my account if I am logged in. Never 401 for a page: a cookie that has ended is nobody's. A token that
         *     has ended still is 401.
         */
        get: operations["get_server"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Songs of the library. */
        get: operations["get_songs"];
        put?: never;
        /**
         * Uploads a song. It can be played as soon as it is answered for; its loudness and its outline follow (`analysis`).
         * @description The same bytes by the same title, artist and album are one song: the one that is there is answered.
         */
        post: operations["post_songs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One song. */
        get: operations["get_songs_id"];
        put?: never;
        post?: never;
        /** Deletes a song: its uploader, or an administrator. It stays in the queues that hold it, and plays there; its files go days after. */
        delete: operations["delete_songs_id"];
        options?: never;
        head?: never;
        /** Changes a song: its uploader, or an administrator. Where it is queued or plays, it shows so at once. */
        patch: operations["patch_songs_id"];
        trace?: never;
    };
    "/api/v1/songs/{id}/audio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The song's bytes. */
        get: operations["get_songs_id_audio"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is said of a song, the latest first. */
        get: operations["get_songs_id_comments"];
        put?: never;
        /** Say something of a song. Whom its uploader has blocked is refused. */
        post: operations["post_songs_id_comments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The song's cover. */
        get: operations["get_songs_id_cover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/like": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Likes a song; again changes nothing. */
        put: operations["put_songs_id_like"];
        post?: never;
        /** Takes a like back; without one nothing changes. */
        delete: operations["delete_songs_id_like"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/lyrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The words of a song, where a file beside it held them when it was imported. */
        get: operations["get_songs_id_lyrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/places": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where to begin in the middle of a song whose format doesn't tell: MP3 of a varying rate, AAC in ADTS.
         * @description Frame `n` of an MP3 holds the samples from 1,152 × `n` on (576 below 32 kHz), of AAC from 1,024 × `n` on. The frame with a
         *     Xing, Info or VBRI tag does not count.
         */
        get: operations["get_songs_id_places"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/songs/{id}/waveform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Peaks for drawing; a song that nobody has listened to yet has none (`analysis`). */
        get: operations["get_songs_id_waveform"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Stages that I may know of. */
        get: operations["get_stages"];
        put?: never;
        /** Open a stage; I am its host. */
        post: operations["post_stages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One stage. */
        get: operations["get_stages_id"];
        put?: never;
        post?: never;
        /** End a stage that I host; everyone in it is told. */
        delete: operations["delete_stages_id"];
        options?: never;
        head?: never;
        /** Change a stage that I host. */
        patch: operations["patch_stages_id"];
        trace?: never;
    };
    "/api/v1/stages/{id}/bans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is banned, by name; for those who may lift a ban. */
        get: operations["get_stages_id_bans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/bans/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Ban somebody: they are removed as by a kick, with the reason `banned`, and can't come back. */
        put: operations["put_stages_id_bans_username"];
        post?: never;
        /** Lift a ban. */
        delete: operations["delete_stages_id_bans_username"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The conversation, newest last. `next` goes on in the same direction: it is the next `before`, or the next `after`. */
        get: operations["get_stages_id_chats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/cover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stage's cover, for who may know of the stage. */
        get: operations["get_stages_id_cover"];
        /** Give a stage that I host a cover: the picture is the body. */
        put: operations["put_stages_id_cover"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/guest-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The links for guests into a stage, the latest first: for its host and its moderators. */
        get: operations["get_stages_id_guest-links"];
        put?: never;
        /**
         * Make a link by which people without an account come into the stage: the host and the moderators. It is good as long as
         *     who made it may hand it out.
         */
        post: operations["post_stages_id_guest-links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/guest-links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Call a link back: nobody comes in by it any more. Who came by it stays. */
        delete: operations["delete_stages_id_guest-links_link_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/guests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Send all guests home: the host and the moderators. Their logins end, and with them their connections, with 4409. Who
         *     has a link that is still good may come in by it again.
         */
        delete: operations["delete_stages_id_guests"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/guests/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Send one guest home. */
        delete: operations["delete_stages_id_guests_user_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/invites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations into a stage, the latest first: all of them for its host and its moderators, for others their own. */
        get: operations["get_stages_id_invites"];
        put?: never;
        /**
         * Invite somebody, or make a link. Into a public stage anybody may, else its host and its moderators; it is good as long
         *     as who made it may.
         */
        post: operations["post_stages_id_invites"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/invites/{invite_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Call an invitation back: its code lets nobody in any more. Who came by it stays. */
        delete: operations["delete_stages_id_invites_invite_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/kicks/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove somebody, who may come back: the host and the moderators, those of a lower role. All in the stage hear the
         *     event `removed` with the reason `kicked`, they themselves on each of their connections, which are in the stage no more
         *     from then on and live on otherwise. Nothing happens to who is not there.
         */
        post: operations["post_stages_id_kicks_username"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who queued, skipped, removed, when; newest first. Once a stage has ended its host and those who were there read it. */
        get: operations["get_stages_id_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/log/playlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep the last evening of a stage as a playlist of mine: all songs that began since the last break of four hours, in order.
         *     Those that are gone from the library are left out. 409 while nothing has played. Of a stage that has ended its host and
         *     those who were there still may.
         */
        post: operations["post_stages_id_log_playlist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/log/{entry}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo what an entry of the log did, as far as it can be and I may: songs that were queued are taken out again, one that was
         *     removed comes back to its place, one that was moved goes back; modes, roles, bans, mutes and changes of the stage become
         *     what they were. The log gets an entry of its own. 409 where there is nothing to undo (any more).
         */
        post: operations["post_stages_id_log_entry_undo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/mutes/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mute somebody: they hear, and may neither chat nor react nor show that they type. The host and the moderators, those of
         *     a lower role. Everybody is told by `presence`, where the participant then says `muted`.
         */
        put: operations["put_stages_id_mutes_username"];
        post?: never;
        /** Let somebody speak again. */
        delete: operations["delete_stages_id_mutes_username"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is there, by role, then by name. */
        get: operations["get_stages_id_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/playlists/{playlist_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Attach a playlist, so that all in the stage find it at hand. */
        put: operations["put_stages_id_playlists_playlist_id"];
        post?: never;
        /** Detach a playlist; what was queued from it stays. */
        delete: operations["delete_stages_id_playlists_playlist_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A window of the queue. */
        get: operations["get_stages_id_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stages/{id}/roles/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give somebody a role. `host` hands the stage over. */
        put: operations["put_stages_id_roles_username"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A public profile. */
        get: operations["get_users_username"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/avatar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An avatar. */
        get: operations["get_users_username_avatar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Follow somebody. */
        put: operations["put_users_username_follow"];
        post?: never;
        /** Follow somebody no more. */
        delete: operations["delete_users_username_follow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/followers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who follows somebody, by name. */
        get: operations["get_users_username_followers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{username}/following": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whom somebody follows, by name. */
        get: operations["get_users_username_following"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccountInvitation: {
            /** @description Shown this once: only its hash is kept. */
            code: string;
            /** Format: int64 */
            expires_us: number;
            /** Format: int64 */
            id: number;
            /**
             * @description The page that makes an account by it, on this server.
             * @example /sign-in?new&invite=dDKpXWcJxEMzJk7b
             */
            url: string;
        };
        AccountInvite: {
            /**
             * Format: int64
             * @description After so many seconds it lets nobody in any more, 1 to a year; a week when absent.
             */
            expires_in_s?: number | null;
            /**
             * Format: int64
             * @description How many accounts it makes, 1 to 10,000; one when absent.
             */
            max_uses?: number | null;
        };
        /** @description An invitation that can be called back. */
        AccountInviteItem: {
            /** @description Who made it; `null` for the command line. */
            by?: string | null;
            /** Format: int64 */
            created_us: number;
            /** Format: int64 */
            expires_us: number;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            max_uses: number;
            /**
             * Format: int64
             * @description How many accounts it has made.
             */
            uses: number;
        };
        AddToPlaylist: {
            /**
             * Format: int32
             * @description The index at which it shall stand; at the end when absent.
             */
            position?: number | null;
            /** Format: int64 */
            song_id: number;
        };
        /** @description The name of a new entry. */
        AddedEntry: {
            /** Format: int64 */
            entry: number;
        };
        /**
         * @description Who may add songs to the queue. Everybody may take back what they added, and vote, either way.
         * @enum {string}
         */
        Adding: Adding;
        /** @description Fields to change; absent ones stay. */
        AdminChanges: {
            /** @description Nobody logs in by it, and who has is out at once; what the account has made stays. */
            disabled?: boolean | null;
            is_admin?: boolean | null;
        };
        /** @description An account, as administrators see it. */
        AdminUser: components["schemas"]["User"] & {
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            created_us: number;
            /** @description Nobody may log in by it for now. */
            disabled: boolean;
            email: string;
            is_admin: boolean;
            /**
             * Format: int64
             * @description Of the logins that are still good; null where there is none.
             */
            last_seen_us?: number | null;
            /**
             * Format: int64
             * @description That they have added, and what these take up.
             */
            songs: number;
        };
        Album: {
            artist: string;
            artist_id: components["schemas"]["ArtistId"];
            /** Format: int64 */
            comments_count: number;
            cover_url?: string | null;
            created_us: components["schemas"]["Instant"];
            description: string;
            /**
             * Format: int64
             * @description Of all songs together, in microseconds.
             */
            duration_us: number;
            genre?: string | null;
            id: components["schemas"]["AlbumId"];
            owner_id?: components["schemas"]["UserId"] | null;
            /** Format: int64 */
            songs_count: number;
            title: string;
        };
        /** @description What to change; what is absent stays, and `null` takes away. */
        AlbumChanges: {
            artist?: string | null;
            description?: string | null;
            genre?: string | null;
            title?: string | null;
        };
        /** Format: int64 */
        AlbumId: AlbumId;
        /** @description An album with its songs. */
        AlbumWithSongs: components["schemas"]["Album"] & {
            /** @description By track number. */
            songs: components["schemas"]["LibrarySong"][];
        };
        Artist: {
            /** Format: int64 */
            albums_count: number;
            /** Format: int64 */
            followers_count: number;
            id: components["schemas"]["ArtistId"];
            name: string;
            /** Format: int64 */
            songs_count: number;
        };
        /** Format: int64 */
        ArtistId: ArtistId;
        /** @description An artist, and whether I follow them. */
        ArtistPage: components["schemas"]["Artist"] & {
            followed: boolean;
        };
        /** @description Somebody who may not enter. */
        Ban: {
            /**
             * Format: int64
             * @description When they were banned, and by whom; absent where that is not known any more.
             */
            at_us?: number | null;
            by?: components["schemas"]["User"] | null;
            user: components["schemas"]["User"];
        };
        /** @description A line of the conversation. */
        ChatLine: ChatLine;
        /** @description What somebody said of a song, perhaps at a moment of it, or of an album. */
        Comment: Comment;
        /**
         * Format: int64
         * @description What somebody said of a song or an album.
         */
        CommentId: CommentId;
        /** @description What to say of an album, or instead of what was said. */
        CommentText: {
            /** @description 1 to 2,000 characters. */
            body: string;
        };
        /**
         * @description Who may steer playback and the queue.
         * @enum {string}
         */
        Control: Control;
        CreateAlbum: {
            artist: string;
            description?: string;
            genre?: string | null;
            title: string;
        };
        CreatePlaylist: {
            description?: string;
            name: string;
        };
        DeleteAccount: {
            /** Format: password */
            current_password?: string | null;
            /**
             * @description What is to become of the songs that I have added.
             * @enum {string}
             */
            songs?: "keep" | "delete";
        };
        /** @description How to log in to the demo account: everybody may know. */
        DemoLogin: {
            password: string;
            /** @example demo */
            username: string;
        };
        /** @description A stage as its door shows it. */
        DoorStage: {
            /**
             * @description For whoever has the code.
             * @example /api/v1/invites/dDKpXWcJxEMzJk7b/cover?v=9f86d081
             */
            cover_url?: string | null;
            genres: string[];
            /** Format: int64 */
            id: number;
            name: string;
        };
        /**
         * Format: int64
         * @description A length of time or a position within a song, in microseconds; may be negative as a difference.
         */
        Duration: Duration;
        EnterAsGuest: {
            /** @description What I am called, 1 to 32 characters. Where somebody has this name a number follows it. */
            name: string;
        };
        /**
         * Format: int64
         * @description One place in a queue or a playlist; a song may stand in several.
         */
        EntryId: EntryId;
        /** @description A field that is not as it must be. */
        FieldError: {
            field: string;
            message: string;
        };
        /** @description Somebody with whom I am, or may become, friends. */
        Friend: components["schemas"]["User"] & {
            /** @description Of friends alone: whether they have a connection. */
            online: boolean;
            stage?: components["schemas"]["StageId"] | null;
            status: components["schemas"]["Friendship"];
        };
        /**
         * @description What is between two users, as the first of them sees it.
         * @enum {string}
         */
        Friendship: "accepted" | "incoming" | "outgoing";
        /** @description How we stand now. */
        FriendshipState: {
            status: components["schemas"]["Friendship"];
        };
        Genre: {
            /** @description Their ids. */
            live_stages: number[];
            /** @description Stages in which somebody is, or something plays, of those that I may know of. */
            live_stages_count: number;
            name: string;
            /** Format: int64 */
            songs_count: number;
        };
        GiveRole: {
            role: components["schemas"]["Role"];
        };
        /** @description What somebody finds at the door before they come in. */
        GuestDoor: {
            host: components["schemas"]["User"];
            /**
             * Format: int32
             * @description Distinct people.
             */
            listeners: number;
            /** @description The first of them. */
            names: string[];
            now_playing?: components["schemas"]["Song"] | null;
            /** @description What who comes in may do. */
            rights: components["schemas"]["GuestRight"][];
            stage: components["schemas"]["DoorStage"];
        };
        GuestLink: {
            /** @description Shown this once: only its hash is kept. */
            code: string;
            /** Format: int64 */
            expires_us: number;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            max_uses?: number | null;
            rights: components["schemas"]["GuestRight"][];
            /**
             * @description The door, on this server.
             * @example /g/dDKpXWcJxEMzJk7bQ0lPvg
             */
            url: string;
            /** Format: int64 */
            uses: number;
        };
        /** @description A link that can be called back. */
        GuestLinkItem: {
            by: components["schemas"]["User"];
            /** Format: int64 */
            created_us: number;
            /** Format: int64 */
            expires_us: number;
            /** @description Whether it lets in: neither expired nor used up, by somebody who may hand it out, into a stage that takes guests. */
            good: boolean;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            max_uses?: number | null;
            rights: components["schemas"]["GuestRight"][];
            /**
             * Format: int64
             * @description How many guests it has let in.
             */
            uses: number;
        };
        /** @description Where a guest belongs, and what their link lets them do there, as far as the stage does. */
        GuestOf: {
            rights: components["schemas"]["GuestRight"][];
            /** Format: int64 */
            stage: number;
        };
        /**
         * @description What somebody without an account may do in the stage that they came to.
         * @enum {string}
         */
        GuestRight: GuestRight;
        /** @description How much hangs on an account: what goes with it, and what stays. */
        Hanging: {
            /** Format: int64 */
            albums: number;
            /** Format: int64 */
            comments: number;
            /** Format: int64 */
            followers: number;
            /** Format: int64 */
            following: number;
            /** Format: int64 */
            friends: number;
            /** Format: int64 */
            likes: number;
            /** Format: int64 */
            notifications: number;
            /** Format: int64 */
            playlists: number;
            /** Format: int64 */
            plays: number;
            /** Format: int64 */
            sessions: number;
            /** Format: int64 */
            songs: number;
            /**
             * Format: int64
             * @description Open ones, which end.
             */
            stages: number;
        };
        /** @description A song that I have heard: half of it, or four minutes. */
        HeardSong: {
            /** Format: int64 */
            at_us: number;
            /**
             * Format: int64
             * @description How much of it, when it was enough to count.
             */
            heard_us: number;
            song: components["schemas"]["Song"];
            /**
             * Format: int64
             * @description Where; absent if that stage is no more.
             */
            stage?: number | null;
        };
        /** @description What became of an imported playlist. */
        ImportedPlaylist: {
            matched: number;
            /** @description `artist - title` of what the library does not have. */
            missing: string[];
            playlist: components["schemas"]["Playlist"];
            /** @description The same, for choosing songs by hand. */
            unresolved: components["schemas"]["UnresolvedEntry"][];
        };
        /**
         * Format: int64
         * @description An instant of the server's clock, in microseconds since the Unix epoch.
         */
        Instant: Instant;
        Invitation: {
            /** @description Shown this once: only its hash is kept. */
            code: string;
            /** Format: int64 */
            expires_us?: number | null;
            /** Format: int64 */
            id: number;
            /**
             * @description The page that accepts it, on this server.
             * @example /s/7?invite=dDKpXWcJxEMzJk7b
             */
            url: string;
        };
        Invite: {
            /**
             * Format: int64
             * @description After so many seconds it lets nobody in any more, 1 to a year; it does not end by itself when absent.
             */
            expires_in_s?: number | null;
            /**
             * Format: int64
             * @description How many people it lets in, 1 to 10,000; as many as come when absent. Who came may use it again.
             */
            max_uses?: number | null;
            /** @description Whom it is for, who is told at once; anybody who has the link when absent. */
            username?: string | null;
        };
        /** @description What an invitation leads to. */
        InviteDoor: {
            /** @description Who invites. */
            by: components["schemas"]["User"];
            host: components["schemas"]["User"];
            stage: components["schemas"]["DoorStage"];
        };
        /** @description An invitation that can be called back. */
        InviteItem: {
            by: components["schemas"]["User"];
            /** Format: int64 */
            created_us: number;
            /** Format: int64 */
            expires_us?: number | null;
            /** @description Whether it lets in: it is not expired nor used up, and who made it may invite into this stage. */
            good: boolean;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            max_uses?: number | null;
            user?: components["schemas"]["User"] | null;
            /**
             * Format: int64
             * @description How many people it has let in.
             */
            uses: number;
        };
        KeepEvening: {
            /** @description Of the playlist; at most 100 characters. */
            name: string;
        };
        /** @description A song as the library shows it. */
        LibrarySong: components["schemas"]["Song"] & {
            /** @description Whether its loudness and its outline are there. */
            analysis: components["schemas"]["SongAnalysis"];
            /** @description All of its artists, as it names them; `artist` is how they are shown together. */
            artists: components["schemas"]["SongArtist"][];
            /** Format: int64 */
            comments_count: number;
            created_us: components["schemas"]["Instant"];
            /** Format: int64 */
            disc?: number | null;
            /**
             * Format: int64
             * @description In bytes.
             */
            file_size: number;
            genres: string[];
            /** @description Whether the asking user likes it. */
            liked: boolean;
            /** Format: int64 */
            likes_count: number;
            /**
             * Format: int64
             * @description How often somebody has heard half of it, or four minutes.
             */
            plays_count: number;
            tags?: components["schemas"]["SongTags"] | null;
            /** Format: int64 */
            track?: number | null;
            uploader: components["schemas"]["User"];
            waveform_url: string;
            /** Format: int64 */
            year?: number | null;
        };
        /** @description A piece of a list. */
        Listed_AccountInviteItem: {
            items: components["schemas"]["AccountInviteItem"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_AdminUser: {
            items: components["schemas"]["AdminUser"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Album: {
            items: components["schemas"]["Album"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Artist: {
            items: components["schemas"]["Artist"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Ban: {
            items: components["schemas"]["Ban"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_ChatLine: {
            items: components["schemas"]["ChatLine"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Comment: {
            items: components["schemas"]["Comment"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Friend: {
            items: components["schemas"]["Friend"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Genre: {
            items: components["schemas"]["Genre"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_GuestLinkItem: {
            items: components["schemas"]["GuestLinkItem"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_HeardSong: {
            items: components["schemas"]["HeardSong"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_InviteItem: {
            items: components["schemas"]["InviteItem"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_LibrarySong: {
            items: components["schemas"]["LibrarySong"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_LogEntry: {
            items: components["schemas"]["LogEntry"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Login: {
            items: components["schemas"]["Login"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_ModerationEntry: {
            items: components["schemas"]["ModerationEntry"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Participant: {
            items: components["schemas"]["Participant"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_PastStage: {
            items: components["schemas"]["PastStage"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Playlist: {
            items: components["schemas"]["Playlist"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_Stage: {
            items: components["schemas"]["Stage"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description A piece of a list. */
        Listed_User: {
            items: components["schemas"]["User"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
        };
        /** @description Something that happened. */
        LogEntry: {
            /** Format: int64 */
            at_us: number;
            data: unknown;
            /** Format: int64 */
            id: number;
            /** @description Such as `queued`, `skipped`, `banned`. */
            kind: string;
            song?: components["schemas"]["Song"] | null;
            user?: components["schemas"]["User"] | null;
            whom?: components["schemas"]["User"] | null;
        };
        LogIn: {
            /** @description Username or email. */
            login: string;
            /** Format: password */
            password: string;
        };
        /** @description A login of mine. */
        Login: {
            address: string;
            /** Format: int64 */
            created_us: number;
            /** @description The one that asks. */
            current: boolean;
            /** @description What the `User-Agent` means, such as `Firefox on Linux`; empty where nothing was said. */
            device: string;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            last_seen_us: number;
            user_agent: string;
        };
        /** @description A song's words. */
        Lyrics: {
            /** @description Plain, or LRC: lines that begin with their times. */
            lyrics: string;
        };
        MakeGuestLink: {
            /**
             * Format: int64
             * @description After so many seconds it lets nobody in any more, 1 to a year; a day when absent.
             */
            expires_in_s?: number | null;
            /**
             * Format: int64
             * @description How many guests it lets in, 1 to 10,000; as many as come when absent.
             */
            max_uses?: number | null;
            /** @description What it lets guests do, as far as the stage does; `listen` among it. To listen, chat and vote when absent. */
            rights?: components["schemas"]["GuestRight"][] | null;
        };
        /** @description My account, as I alone see it. */
        Me: {
            avatar_url?: string | null;
            bio: string;
            /** Format: int64 */
            created_us: number;
            email: string;
            /** Format: int64 */
            followers_count: number;
            /** Format: int64 */
            following_count: number;
            /** Format: int64 */
            friends_count: number;
            /** @description Has no account: belongs to one stage, and may do there what `guest_of` says. */
            guest: boolean;
            guest_of?: components["schemas"]["GuestOf"] | null;
            /** Format: int64 */
            id: number;
            is_admin: boolean;
            username: string;
        };
        /** @description Something that an administrator, or who runs the server, has done. */
        ModerationEntry: {
            /** @description What that was called then. */
            about: string;
            /** Format: int64 */
            at_us: number;
            by?: components["schemas"]["User"] | null;
            /** Format: int64 */
            id: number;
            /** @description `admin_made`, `admin_unmade`, `disabled`, `enabled`, `deleted`, `stage_ended`. */
            kind: string;
            /** Format: int64 */
            stage?: number | null;
            user?: components["schemas"]["User"] | null;
        };
        MoveEntry: {
            /**
             * Format: int32
             * @description The index at which it shall stand among the others.
             */
            position: number;
        };
        /** @description Ids of `MusicBrainz`. */
        MusicBrainzIds: {
            artists: string[];
            recording?: string | null;
            release?: string | null;
        };
        /** @description Somebody may listen and not speak. */
        Mute: Mute;
        /** @description Until when; absent or null: until it is lifted. */
        MuteUntil: {
            /** Format: int64 */
            until_us?: number | null;
        };
        /** @description A guest who has come in. */
        NewGuest: {
            stage: components["schemas"]["Stage"];
            /** @description Goes into `Authorization: Bearer …`. Shown this once. */
            token: string;
            user: components["schemas"]["Me"];
        };
        /** @description A new login. */
        NewLogin: {
            /** @description Goes into `Authorization: Bearer …`. Shown this once. */
            token: string;
            user: components["schemas"]["Me"];
        };
        /** @description Something that concerns somebody, kept until they have seen it. */
        Notification: {
            /** @description The name of the stage, the song or the album; empty where there is none. */
            about: string;
            album?: components["schemas"]["AlbumId"] | null;
            at_us: components["schemas"]["Instant"];
            chat?: components["schemas"]["Seq"] | null;
            /** @description Of an invitation: lets this person in, and nobody else. */
            code?: string | null;
            comment?: components["schemas"]["CommentId"] | null;
            /** @description The beginning of what was said. */
            excerpt?: string | null;
            /** @description Who brought it about. */
            from: components["schemas"]["User"];
            id: components["schemas"]["NotificationId"];
            kind: components["schemas"]["NotificationKind"];
            read: boolean;
            song?: components["schemas"]["SongId"] | null;
            stage?: components["schemas"]["StageId"] | null;
            /** @description In plain English, for a client that has no words of its own. */
            text: string;
        };
        /** @description Kinds to change; absent ones stay. */
        NotificationChanges: {
            album_added?: boolean | null;
            comment?: boolean | null;
            friend_accepted?: boolean | null;
            friend_request?: boolean | null;
            invite?: boolean | null;
            mention?: boolean | null;
            reply?: boolean | null;
            stage_opened?: boolean | null;
        };
        /**
         * Format: int64
         * @description Something that somebody was told; the later one is the higher.
         */
        NotificationId: NotificationId;
        /**
         * @description What a notification is about.
         * @enum {string}
         */
        NotificationKind: NotificationKind;
        /** @description Of each kind of notification whether I want it. */
        NotificationSettings: {
            album_added: boolean;
            comment: boolean;
            friend_accepted: boolean;
            friend_request: boolean;
            invite: boolean;
            mention: boolean;
            reply: boolean;
            stage_opened: boolean;
        };
        /** @description A piece of what concerns me. */
        Notifications: {
            items: components["schemas"]["Notification"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many I have not read, in this piece and elsewhere.
             */
            unread: number;
        };
        OpenStage: {
            adding?: components["schemas"]["Adding"] | null;
            control?: components["schemas"]["Control"] | null;
            /**
             * Format: int64
             * @description 0 to 12 seconds; 0 when absent: without a gap.
             */
            crossfade_us?: number | null;
            genres?: string[];
            /**
             * Format: int32
             * @description 1 to 1,000; as many as they like when absent.
             */
            max_waiting?: number | null;
            /** @description At most 100 characters. */
            name: string;
            order?: components["schemas"]["QueueOrder"] | null;
            /**
             * Format: int32
             * @description Seconds between two lines of one who does not moderate, 0 to 21,600; 0 when absent.
             */
            slow_mode_s?: number | null;
            start?: components["schemas"]["StartBarrier"] | null;
            succession?: components["schemas"]["Succession"] | null;
            visibility?: components["schemas"]["Visibility"] | null;
        };
        Participant: Participant;
        /** @description A stage that has ended. */
        PastStage: {
            /** Format: int64 */
            created_us: number;
            /** Format: int64 */
            ended_us: number;
            host: components["schemas"]["User"];
            /** Format: int64 */
            id: number;
            name: string;
        };
        Playlist: {
            cover_url?: string | null;
            created_us: components["schemas"]["Instant"];
            description: string;
            /**
             * Format: int64
             * @description Of all entries together, in microseconds.
             */
            duration_us: number;
            id: components["schemas"]["PlaylistId"];
            name: string;
            owner: components["schemas"]["User"];
            /** Format: int64 */
            songs_count: number;
            updated_us: components["schemas"]["Instant"];
        };
        /** @description What to change; what is absent stays. */
        PlaylistChanges: {
            description?: string | null;
            name?: string | null;
        };
        /** @description A piece of a playlist's entries. */
        PlaylistEntries: {
            items: components["schemas"]["PlaylistEntry"][];
            /** @description The `after` of the next piece; absent at the end. */
            next?: string | null;
            /**
             * Format: int32
             * @description The index of the first entry; 0 where `after` was given.
             */
            offset: number;
            /**
             * Format: int64
             * @description Entries of the whole playlist.
             */
            total: number;
        };
        /** @description One place in a playlist. */
        PlaylistEntry: {
            added_us: components["schemas"]["Instant"];
            entry: components["schemas"]["EntryId"];
            song: components["schemas"]["LibrarySong"];
        };
        /** Format: int64 */
        PlaylistId: PlaylistId;
        /** @description A playlist with its first 200 entries. */
        PlaylistWithEntries: components["schemas"]["Playlist"] & {
            items: components["schemas"]["PlaylistEntry"][];
        };
        /** @description What the end of my account would mean. */
        Preview: components["schemas"]["Hanging"] & {
            /** @description By which name what stays is shown. */
            name: string;
            /** @description What stays, in plain words. */
            stays: string[];
        };
        /** @description The body of every error reply. */
        Problem: {
            /**
             * @description For programs; stable.
             * @example not_found
             */
            code: string;
            /** @description For people; may change. */
            detail: string;
            /** @description The fields that are not as they must be. */
            errors?: components["schemas"]["FieldError"][];
            /** Format: int32 */
            status: number;
            /** @description The status in words. */
            title: string;
            /**
             * @description Always `about:blank`: `code` tells more than a URI would.
             * @example about:blank
             */
            type: string;
        };
        /** @description A profile as everybody may see it. */
        Profile: components["schemas"]["User"] & {
            bio: string;
            /** @description Whether I have blocked them. */
            blocked: boolean;
            /** Format: int64 */
            created_us: number;
            /** @description Whether I follow them. */
            followed: boolean;
            /** Format: int64 */
            followers_count: number;
            /** Format: int64 */
            following_count: number;
            /** Format: int64 */
            friends_count: number;
            friendship?: components["schemas"]["Friendship"] | null;
            stage?: components["schemas"]["Stage"] | null;
        };
        /** @description Fields to change; absent ones stay. */
        ProfileChanges: {
            /** @description At most 2,000 characters. */
            bio?: string | null;
            /** Format: password */
            current_password?: string | null;
            /**
             * Format: email
             * @description A new address; needs `current_password`.
             */
            email?: string | null;
            /**
             * Format: password
             * @description A new password; needs `current_password`, and ends all other logins.
             */
            password?: string | null;
            /** @description A new name; needs `current_password`. The old one rests for 30 days: nobody else may have it, and I may go back. */
            username?: string | null;
        };
        /** @description A song that may be the one that was meant. */
        ProposedSong: {
            album?: string | null;
            artist: string;
            /** Format: int64 */
            id: number;
            title: string;
        };
        /** @description Whether and how this login's device is told. */
        Push: {
            /** @description What the browser subscribes with (`applicationServerKey`), in base64url. Null on a server that does not push. */
            public_key?: string | null;
            subscribed: boolean;
        };
        /** @description A push subscription as browsers make it. */
        PushSubscription: {
            /**
             * @description What only the device and this server know, in base64url.
             * @example BTBZMqHH6r4Tts7J_aSIgg
             */
            auth: string;
            /**
             * @description The push service's address of the device: https, at most 2,048 bytes.
             * @example https://push.example.org/send/abc
             */
            endpoint: string;
            /**
             * @description The device's public key, in base64url.
             * @example BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4
             */
            p256dh: string;
        };
        /** @description A window of the queue: `items` are the entries from index `offset` on, of `total`. */
        Queue: Queue;
        QueueItem: QueueItem;
        QueueMode: QueueMode;
        /**
         * @description In which order the songs of a queue are played that wait.
         * @enum {string}
         */
        QueueOrder: QueueOrder;
        /** @description Up to where I have read. */
        ReadUpTo: {
            /** @description The id of the latest one that I have seen: it and all before it are read. */
            up_to: components["schemas"]["NotificationId"];
        };
        Register: {
            /** Format: email */
            email: string;
            /** @description Where accounts are made by invitation: its code. */
            invite?: string | null;
            /**
             * Format: password
             * @description At least 8 characters, at most 1,024 bytes.
             *     None of the commonest.
             */
            password: string;
            /** @description 3 to 32 letters, digits, `_`, `-` or `.`; unique without regard to case. */
            username: string;
        };
        /**
         * @description Who may make an account.
         * @enum {string}
         */
        Registration: "open" | "invite" | "closed";
        /** @enum {string} */
        Repeat: Repeat;
        /**
         * Format: int64
         * @description The number of a full statement (timeline, queue); the highest wins.
         */
        Rev: Rev;
        /** @enum {string} */
        Role: Role;
        /** @description What was found, the best first; a kind that was not asked for is empty. */
        SearchResults: {
            albums: components["schemas"]["Album"][];
            artists: components["schemas"]["Artist"][];
            /** @description Only for who is logged in. */
            playlists: components["schemas"]["Playlist"][];
            songs: components["schemas"]["LibrarySong"][];
            stages: components["schemas"]["Stage"][];
            users: components["schemas"]["User"][];
        };
        /**
         * Format: int64
         * @description The place of a sequenced event in its stage; rises by exactly one within an epoch and never repeats.
         */
        Seq: Seq;
        /** @description This server, and who asks it. */
        ServerInfo: {
            demo?: components["schemas"]["DemoLogin"] | null;
            /**
             * @description What the product is called.
             * @example Octave
             */
            name: string;
            /**
             * @description Where users reach this server, if its operator has said so.
             * @example https://music.example.org
             */
            public_url?: string | null;
            /** @description Who may make an account. */
            registration: components["schemas"]["Registration"];
            user?: components["schemas"]["Me"] | null;
            /** @example 0.1.0 */
            version: string;
        };
        /** @description How loud the host suggests to listen. A listener may refuse. */
        SharedVolume: SharedVolume;
        /** @description What a player needs to know of a song. */
        Song: Song;
        /**
         * @description Whether a song was listened to.
         * @enum {string}
         */
        SongAnalysis: "pending" | "done" | "failed";
        /** @description One of a song's artists. */
        SongArtist: {
            id: components["schemas"]["ArtistId"];
            name: string;
        };
        /** @description What to change; what is absent stays, and `null` takes away. */
        SongChanges: {
            album?: string | null;
            artist?: string | null;
            /** Format: int32 */
            disc?: number | null;
            genres?: string[] | null;
            title?: string | null;
            /** Format: int32 */
            track?: number | null;
            /** Format: int32 */
            year?: number | null;
        };
        /** @description What to say of a song. */
        SongComment: {
            /** @description 1 to 2,000 characters. */
            body: string;
            /**
             * Format: int64
             * @description The moment of the song that is spoken of.
             */
            position_us?: number | null;
        };
        /**
         * Format: int64
         * @description An uploaded song.
         */
        SongId: SongId;
        /** @description Where frames of the sound lie. */
        SongPlaces: {
            /**
             * Format: int64
             * @description From one of these frames to the next.
             */
            every: number;
            /** @description Where the frames 0, `every`, 2 × `every`, … begin in the file, in bytes. Empty where the format tells by itself. */
            offsets: number[];
        };
        /** @description Ids and gains that a file's tags name. */
        SongTags: {
            musicbrainz: components["schemas"]["MusicBrainzIds"];
            /** Format: double */
            r128_album_db?: number | null;
            /**
             * Format: double
             * @description Gain after EBU R 128, in decibels; to -23 LUFS.
             */
            r128_track_db?: number | null;
            /** Format: double */
            replaygain_album_db?: number | null;
            /**
             * Format: double
             * @description `ReplayGain` of the song, in decibels; to -18 LUFS.
             */
            replaygain_track_db?: number | null;
        };
        /** @description A stage as a list or a snapshot shows it. */
        Stage: Stage;
        /** @description Fields to change; absent ones stay. */
        StageChanges: {
            adding?: components["schemas"]["Adding"] | null;
            control?: components["schemas"]["Control"] | null;
            /**
             * Format: int64
             * @description 0 to 12 seconds; 0 plays one song after the other without a gap.
             */
            crossfade_us?: number | null;
            genres?: string[] | null;
            /** @description What guests may do at most. Without `listen` those who are here go home, and none comes in. */
            guests?: components["schemas"]["GuestRight"][] | null;
            /**
             * Format: int32
             * @description 1 to 1,000, or `null` to lift the limit. What waits already stays.
             */
            max_waiting?: number | null;
            name?: string | null;
            order?: components["schemas"]["QueueOrder"] | null;
            /**
             * Format: int32
             * @description 0 to 21,600.
             */
            slow_mode_s?: number | null;
            /**
             * Format: int64
             * @description The id of somebody who is in the stage: their devices alone sound, but for their remotes. `null`: everybody's do.
             */
            speaker?: number | null;
            start?: components["schemas"]["StartEdit"] | null;
            succession?: components["schemas"]["Succession"] | null;
            visibility?: components["schemas"]["Visibility"] | null;
            volume?: components["schemas"]["VolumeEdit"] | null;
        };
        /**
         * Format: int64
         * @description A room in which all hear the same.
         */
        StageId: StageId;
        /**
         * @description How a new song waits for those who load it. It starts when all are ready; after 0.4 s when `quorum_percent` of
         *     them are; after `patience_us` whoever is.
         */
        StartBarrier: StartBarrier;
        /** @description Fields of the start barrier to change; absent ones stay. */
        StartEdit: {
            /**
             * Format: int64
             * @description 0 to 10 seconds; 0 waits for nobody.
             */
            patience_us?: number | null;
            /**
             * Format: int32
             * @description 1 to 100.
             */
            quorum_percent?: number | null;
        };
        /** @description How much there is. */
        Storage: {
            /** Format: int64 */
            accounts: number;
            /**
             * Format: int64
             * @description Of the sound files, each of which is kept once.
             */
            audio_bytes: number;
            /** Format: int64 */
            database_bytes: number;
            /**
             * Format: int64
             * @description Those who have a login now.
             */
            guests: number;
            /** Format: int64 */
            songs: number;
            /**
             * Format: int64
             * @description That have not ended.
             */
            stages: number;
        };
        /**
         * @description What becomes of a stage whose host has left it for half a minute.
         * @enum {string}
         */
        Succession: Succession;
        /** @description What is left. */
        Unread: {
            /** Format: int64 */
            unread: number;
        };
        /**
         * @description An entry whose song was not found. Adding one to the playlist at `position` puts it where it belongs, from the first of
         *     these to the last.
         */
        UnresolvedEntry: {
            location?: string | null;
            /** @description The index that it has in the file. */
            position: number;
            /** @description What comes near; for the first 25 only. */
            proposed: components["schemas"]["ProposedSong"][];
            /** @description What the file says of it. */
            said: string;
        };
        /** @description The parts of an upload. Texts win over the file's tags. */
        Upload: {
            album?: string | null;
            artist?: string | null;
            /**
             * Format: binary
             * @description mp3, flac, ogg (vorbis, opus), m4a/aac or wav; recognised by content.
             */
            file: Blob;
            /** @description Once with commas between, or several times. */
            genres?: string | null;
            title?: string | null;
        };
        /** @description A song that was taken in. */
        UploadedSong: components["schemas"]["LibrarySong"] & {
            /** @description What of the file was left out, or that the song was there already, in words for its uploader; nearly always nothing. */
            notes: string[];
        };
        /** @description Who somebody is, as others see it. */
        User: User;
        /**
         * Format: int64
         * @description An account.
         */
        UserId: UserId;
        /**
         * @description Who may see and enter a stage.
         * @enum {string}
         */
        Visibility: Visibility;
        /** @description Fields of the suggested loudness to change; absent ones stay. */
        VolumeEdit: {
            /**
             * Format: int32
             * @description 0 to 100.
             */
            percent?: number | null;
            together?: boolean | null;
        };
        /** @description A song's outline. */
        Waveform: {
            /** @description Peaks, evenly spaced over the song; 255 is full scale. */
            peaks: number[];
        };
    };
    responses: {
        /** @description `account_disabled`: an administrator has disabled the account; `foreign_origin`: a page of another origin may not act with this browser's cookie */
        AccountDisabledOrForeignOrigin: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "account_disabled" | "foreign_origin";
                };
            };
        };
        /** @description `album_exists`: the artist has an album of this title */
        AlbumExists: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "album_exists";
                };
            };
        };
        /** @description `bad_body`: the body broke off; `bad_host`: the request has no `Host`, or several */
        BadBodyOrBadHost: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_body" | "bad_host";
                };
            };
        };
        /** @description `bad_body`: the body broke off; `bad_host`: the request has no `Host`, or several; `bad_json`: the body is not JSON; `bad_text`: a text holds the character NUL */
        BadBodyOrBadHostOrBadJsonOrBadText: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_body" | "bad_host" | "bad_json" | "bad_text";
                };
            };
        };
        /** @description `bad_body`: the body broke off; `bad_host`: the request has no `Host`, or several; `bad_text`: a text holds the character NUL */
        BadBodyOrBadHostOrBadText: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_body" | "bad_host" | "bad_text";
                };
            };
        };
        /** @description `bad_credentials`: no account has this name and password */
        BadCredentials: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_credentials";
                };
            };
        };
        /** @description `bad_host`: the request has no `Host`, or several */
        BadHost: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_host";
                };
            };
        };
        /** @description `bad_host`: the request has no `Host`, or several; `bad_text`: a text holds the character NUL */
        BadHostOrBadText: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "bad_host" | "bad_text";
                };
            };
        };
        /** @description `banned`: banned from the stage */
        Banned: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "banned";
                };
            };
        };
        /** @description `banned`: banned from the stage; `forbidden`: it is there, and not for this user to do */
        BannedOrForbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "banned" | "forbidden";
                };
            };
        };
        /** @description `banned`: banned from the stage; `foreign_origin`: a page of another origin may not act with this browser's cookie; `forbidden`: it is there, and not for this user to do */
        BannedOrForeignOriginOrForbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "banned" | "foreign_origin" | "forbidden";
                };
            };
        };
        /** @description `blocked`: I have blocked this user */
        Blocked: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "blocked";
                };
            };
        };
        /** @description `busy`: too busy at this moment; nothing was done; `storage_unavailable`: the database does not answer; nothing was done */
        BusyOrStorageUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "busy" | "storage_unavailable";
                };
            };
        };
        /** @description `conflict`: it has changed meanwhile */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "conflict";
                };
            };
        };
        /** @description `email_taken`: there is an account with this address; `has_account`: who asks is logged in, and needs no link for guests; `username_taken`: another account has this name */
        EmailTakenOrHasAccountOrUsernameTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "email_taken" | "has_account" | "username_taken";
                };
            };
        };
        /** @description `email_taken`: there is an account with this address; `username_taken`: another account has this name */
        EmailTakenOrUsernameTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "email_taken" | "username_taken";
                };
            };
        };
        /** @description `forbidden`: it is there, and not for this user to do */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "forbidden";
                };
            };
        };
        /** @description `foreign_origin`: a page of another origin may not act with this browser's cookie */
        ForeignOrigin: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "foreign_origin";
                };
            };
        };
        /** @description `foreign_origin`: a page of another origin may not act with this browser's cookie; `forbidden`: it is there, and not for this user to do */
        ForeignOriginOrForbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "foreign_origin" | "forbidden";
                };
            };
        };
        /** @description `foreign_origin`: a page of another origin may not act with this browser's cookie; `forbidden`: it is there, and not for this user to do; `invite_required`: accounts are made with an invitation alone; `registration_closed`: accounts are made by who runs the server */
        ForeignOriginOrForbiddenOrInviteRequiredOrRegistrationClosed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "foreign_origin" | "forbidden" | "invite_required" | "registration_closed";
                };
            };
        };
        /** @description `foreign_origin`: a page of another origin may not act with this browser's cookie; `forbidden`: it is there, and not for this user to do; `wrong_password`: `current_password` is not the account's password */
        ForeignOriginOrForbiddenOrWrongPassword: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "foreign_origin" | "forbidden" | "wrong_password";
                };
            };
        };
        /** @description `foreign_origin`: a page of another origin may not act with this browser's cookie; `invite_required`: accounts are made with an invitation alone; `registration_closed`: accounts are made by who runs the server */
        ForeignOriginOrInviteRequiredOrRegistrationClosed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "foreign_origin" | "invite_required" | "registration_closed";
                };
            };
        };
        /** @description `has_account`: who asks is logged in, and needs no link for guests; `limit_reached`: as many as may be are there */
        HasAccountOrLimitReached: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "has_account" | "limit_reached";
                };
            };
        };
        /** @description `internal`: a fault of the server's; it is logged there */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "internal";
                };
            };
        };
        /** @description `invalid_field`: fields are not as they must be; `errors` names them */
        InvalidField: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "invalid_field";
                };
            };
        };
        /** @description `last_admin`: nobody would be left to administer the server */
        LastAdmin: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "last_admin";
                };
            };
        };
        /** @description `limit_reached`: as many as may be are there */
        LimitReached: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "limit_reached";
                };
            };
        };
        /** @description `limit_reached`: as many as may be are there; `order_fixed`: the stage puts its queue in order by itself; `too_many_waiting`: as many of one's songs wait in the queue as may; `conflict`: it has changed meanwhile */
        LimitReachedOrOrderFixedOrTooManyWaitingOrConflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "limit_reached" | "order_fixed" | "too_many_waiting" | "conflict";
                };
            };
        };
        /** @description `misdirected`: this server is not known by the name in `Host` */
        Misdirected: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "misdirected";
                };
            };
        };
        /** @description `no_such_range`: the file has no such range; `Content-Range` tells its size */
        NoSuchRange: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "no_such_range";
                };
            };
        };
        /** @description `not_found`: it is not there, or not for this user to know of */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "not_found";
                };
            };
        };
        /** @description `not_found`: it is not there, or not for this user to know of; `link_gone`: the link lets nobody in: it is used up, has expired or was called back */
        NotFoundOrLinkGone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "not_found" | "link_gone";
                };
            };
        };
        /** @description `not_found`: it is not there, or not for this user to know of; `stage_not_found`: there is no such stage, or none that this user may know of */
        NotFoundOrStageNotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "not_found" | "stage_not_found";
                };
            };
        };
        /** @description `rate_limited`: too often; `Retry-After` says when to try again */
        RateLimited: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "rate_limited";
                };
            };
        };
        /** @description `storage_full`: the disk is full; nothing was done */
        StorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "storage_full";
                };
            };
        };
        /** @description `too_large`: the body is larger than this operation takes */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "too_large";
                };
            };
        };
        /** @description `unauthenticated`: the login is missing or has ended */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "unauthenticated";
                };
            };
        };
        /** @description `unsupported_audio`: not a sound file that can be kept; the detail says what to do; `unsupported_media_type`: the body's content type is not what this operation takes */
        UnsupportedAudioOrUnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "unsupported_audio" | "unsupported_media_type";
                };
            };
        };
        /** @description `unsupported_image`: not a picture that can be kept */
        UnsupportedImage: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "unsupported_image";
                };
            };
        };
        /** @description `unsupported_media_type`: the body's content type is not what this operation takes */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "unsupported_media_type";
                };
            };
        };
        /** @description `unsupported_playlist`: not a playlist that can be read */
        UnsupportedPlaylist: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {string} */
                    code?: "unsupported_playlist";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_admin_invites: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_AccountInviteItem"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_admin_invites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountInvite"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountInvitation"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_admin_invites_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Called back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_admin_moderation: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_ModerationEntry"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_admin_stages: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_admin_stages_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_admin_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_admin_users: {
        parameters: {
            query?: {
                /** @description What the name or the address must hold. */
                q?: string;
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_AdminUser"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_admin_users_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastAdmin"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_admin_users_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdminChanges"];
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LastAdmin"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_albums: {
        parameters: {
            query?: {
                /** @description What some word of the title begins with. */
                q?: string;
                artist_id?: number;
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Album"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_albums: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAlbum"];
            };
        };
        responses: {
            /** @description The album */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            409: components["responses"]["AlbumExists"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_albums_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The album */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlbumWithSongs"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_albums_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_albums_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlbumChanges"];
            };
        };
        responses: {
            /** @description The album as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["AlbumExists"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_albums_id_comments: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Comment"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_albums_id_comments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommentText"];
            };
        };
        responses: {
            /** @description Said */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_albums_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JPEG */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_albums_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": Blob;
            };
        };
        responses: {
            /** @description The album as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Album"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedImage"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_artists: {
        parameters: {
            query?: {
                /** @description What some word of the name begins with. */
                q?: string;
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Artist"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_artists_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The artist */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArtistPage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_artists_id_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Followed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_artists_id_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not followed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogIn"];
            };
        };
        responses: {
            /** @description Logged in; the session cookie is set too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLogin"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["BadCredentials"];
            403: components["responses"]["AccountDisabledOrForeignOrigin"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description The account, logged in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLogin"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            403: components["responses"]["ForeignOriginOrInviteRequiredOrRegistrationClosed"];
            409: components["responses"]["EmailTakenOrUsernameTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_auth_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Login"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_auth_sessions_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_blocks: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_User"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_blocks_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Blocked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_blocks_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not blocked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_comments_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_comments_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommentText"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_friends: {
        parameters: {
            query?: {
                /** @description `accepted` when absent. */
                status?: "accepted" | "incoming" | "outgoing";
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Friend"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_friends_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `outgoing` when asked, `accepted` when accepted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FriendshipState"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Blocked"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_friends_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is between us */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_genres: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Genre"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_genres_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The genre */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Genre"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get_guest-links_code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it leads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestDoor"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFoundOrLinkGone"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get_guest-links_code_cover": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFoundOrLinkGone"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post_guest-links_code_enter": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnterAsGuest"];
            };
        };
        responses: {
            /** @description In, as a guest */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewGuest"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOrigin"];
            404: components["responses"]["NotFoundOrLinkGone"];
            409: components["responses"]["HasAccountOrLimitReached"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_invites_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it leads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteDoor"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_invites_code_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stage */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_invites_code_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Me */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteAccount"];
            };
        };
        responses: {
            /** @description It has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbiddenOrWrongPassword"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileChanges"];
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbiddenOrWrongPassword"];
            409: components["responses"]["EmailTakenOrUsernameTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_artists: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Artist"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_me_avatar: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": Blob;
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["BadBodyOrBadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedImage"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_deletion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now; nothing is done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_history: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_HeardSong"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_me_history: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_me_keep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description The account, logged in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLogin"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbiddenOrInviteRequiredOrRegistrationClosed"];
            409: components["responses"]["EmailTakenOrHasAccountOrUsernameTaken"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_likes: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_LibrarySong"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get_me_past-stages": {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_PastStage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me_push: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Push"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_me_push: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PushSubscription"];
            };
        };
        responses: {
            /** @description Told from here on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_me_push: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Told no more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_notifications: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_notifications_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadUpTo"];
            };
        };
        responses: {
            /** @description Read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unread"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_notifications_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationSettings"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_notifications_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationChanges"];
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationSettings"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_playlists: {
        parameters: {
            query?: {
                /** @description A username, or `me`. */
                owner?: string;
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Playlist"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_playlists: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePlaylist"];
            };
        };
        responses: {
            /** @description The playlist */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_playlists_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description XSPF, JSPF or M3U, by content */
        requestBody: {
            content: {
                "application/xspf+xml": string;
            };
        };
        responses: {
            /** @description The playlist, and what is missing */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedPlaylist"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedPlaylist"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_playlists_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The playlist */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaylistWithEntries"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_playlists_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_playlists_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaylistChanges"];
            };
        };
        responses: {
            /** @description The playlist as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_playlists_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JPEG */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_playlists_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": Blob;
            };
        };
        responses: {
            /** @description The playlist as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedImage"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_playlists_id_export: {
        parameters: {
            query: {
                format: "xspf" | "jspf" | "m3u8";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/xspf+xml": string;
                    "application/jspf+json": unknown;
                    "application/vnd.apple.mpegurl": string;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_playlists_id_songs: {
        parameters: {
            query?: {
                /** @description The index of the first entry, where no `after` says more. */
                offset?: number;
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlaylistEntries"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_playlists_id_songs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddToPlaylist"];
            };
        };
        responses: {
            /** @description The entry */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedEntry"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_playlists_id_songs_entry_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                entry_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_playlists_id_songs_entry_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                entry_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveEntry"];
            };
        };
        responses: {
            /** @description It stands there now */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_search: {
        parameters: {
            query?: {
                /** @description Words, all of which what is found must hold; the last one may be the beginning of one. */
                q?: string;
                /** @description With commas between: `songs`, `albums`, `artists`, `playlists`, `stages`, `users`; all when absent. */
                kind?: string;
                /** @description At most so many of each kind, 1 to 50; 10 when absent. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResults"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_server: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerInfo"];
                };
            };
            400: components["responses"]["BadHost"];
            401: components["responses"]["Unauthenticated"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs: {
        parameters: {
            query?: {
                /** @description Words, each of which some word of title, artist or album begins with. */
                q?: string;
                artist_id?: number;
                album_id?: number;
                genre?: string;
                /** @description A username. */
                uploader?: string;
                sort?: "new" | "title" | "artist";
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_LibrarySong"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_songs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["Upload"];
            };
        };
        responses: {
            /** @description The song */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedSong"];
                };
            };
            400: components["responses"]["BadBodyOrBadHost"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedAudioOrUnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The song */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LibrarySong"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_songs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_songs_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SongChanges"];
            };
        };
        responses: {
            /** @description The song as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LibrarySong"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_audio: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": unknown;
                };
            };
            /** @description The range that was asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": unknown;
                };
            };
            /** @description The `ETag` of `If-None-Match` is still right */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["NoSuchRange"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_comments: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Comment"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_songs_id_comments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SongComment"];
            };
        };
        responses: {
            /** @description Said */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JPEG */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_songs_id_like: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is liked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_songs_id_like: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not liked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_lyrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The words */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lyrics"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_places: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The places */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SongPlaces"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_songs_id_waveform: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outline */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waveform"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages: {
        parameters: {
            query?: {
                /** @description `true`: where somebody is or something plays; `false`: the others. */
                live?: boolean;
                genre?: string;
                /** @description Words that the name, the host or a genre must hold. */
                q?: string;
                /** @description A username: stages of this host. */
                host?: string;
                sort?: "listeners" | "new";
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_stages: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenStage"];
            };
        };
        responses: {
            /** @description Open */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Banned"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_stages_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StageChanges"];
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_bans: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Ban"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_stages_id_bans_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Banned */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_bans_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lifted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_chats: {
        parameters: {
            query?: {
                /** @description The last lines before this `seq`. */
                before?: number;
                /** @description The first lines after this `seq`. */
                after?: number;
                /** @description At most so many, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description Lines that contain this. */
                q?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stretch of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_ChatLine"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Banned"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Banned"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_stages_id_cover: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/*": Blob;
            };
        };
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedImage"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get_stages_id_guest-links": {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_GuestLinkItem"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post_stages_id_guest-links": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeGuestLink"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestLink"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete_stages_id_guest-links_link_id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                link_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Called back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_guests: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No guest is there */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_guests_user_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                user_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_invites: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_InviteItem"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_stages_id_invites: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            409: components["responses"]["LimitReached"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_invites_invite_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                invite_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Called back */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_stages_id_kicks_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_log: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_LogEntry"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_stages_id_log_playlist: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeepEvening"];
            };
        };
        responses: {
            /** @description The playlist */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Playlist"];
                };
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_stages_id_log_entry_undo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                entry: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Undone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            409: components["responses"]["LimitReachedOrOrderFixedOrTooManyWaitingOrConflict"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_stages_id_mutes_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MuteUntil"] | null;
            };
        };
        responses: {
            /** @description Muted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_mutes_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lifted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_participants: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_Participant"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Banned"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_stages_id_playlists_playlist_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                playlist_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_stages_id_playlists_playlist_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                playlist_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description After the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stage"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_stages_id_queue: {
        parameters: {
            query?: {
                /** @description Index of the first entry. */
                offset?: number;
                /** @description At most so many, 1 to 200; 50 when absent. */
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries from `offset` on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Banned"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_stages_id_roles_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
                username: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GiveRole"];
            };
        };
        responses: {
            /** @description Given */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadBodyOrBadHostOrBadJsonOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["BannedOrForeignOriginOrForbidden"];
            404: components["responses"]["NotFoundOrStageNotFound"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_users_username: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The profile */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_users_username_avatar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_users_username_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Followed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_users_username_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not followed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadHostOrBadText"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["ForeignOriginOrForbidden"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            507: components["responses"]["StorageFull"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_users_username_followers: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_User"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_users_username_following: {
        parameters: {
            query?: {
                /** @description At most so many items, 1 to 200; 50 when absent. */
                limit?: number;
                /** @description The `next` of the piece before. */
                after?: string;
            };
            header?: never;
            path: {
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A piece of the list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listed_User"];
                };
            };
            400: components["responses"]["BadHostOrBadText"];
            404: components["responses"]["NotFound"];
            421: components["responses"]["Misdirected"];
            422: components["responses"]["InvalidField"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["Internal"];
            503: components["responses"]["BusyOrStorageUnavailable"];
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
