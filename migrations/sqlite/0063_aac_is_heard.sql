-- AAC of more than two channels could not be listened to, and now can.
UPDATE songs SET analysis = 'pending' WHERE analysis = 'failed' AND mime IN ('audio/mp4', 'audio/aac');
