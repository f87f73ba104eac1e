/** From a link to an open chat: what each phase keeps, and what it sends. Nothing is written here. */
import { random, randomName, toBase64, type Bytes } from "./bytes.ts";
import type { Chat } from "./chats.ts";
import { openAnswer, sealAnswer, type Invitation } from "./invite.ts";
import * as mls from "./mls.ts";
import { boxOf } from "./wire.ts";

/** Open, and the keys of the group that both are in. */
export interface Opened {
  readonly open: Chat;
  readonly state: string;
}

/** A chat whose link can be given away. myName: as the other will see me; name: as I call them. */
export async function invited(myName: string, name: string): Promise<Chat> {
  const keys = await mls.newKeys();
  const chat = await fresh(myName, name);
  const invitation: Invitation = {
    box: chat.box,
    print: await mls.fingerprint(mls.publicKey(keys.offer)),
    secret: toBase64(random(32)),
    name: myName,
  };
  return { ...chat, phase: "invited", keys, invitation };
}

/** A chat whose link was answered, and the answer. */
export async function joining(invitation: Invitation, myName: string): Promise<{ chat: Chat; answer: Bytes }> {
  const keys = await mls.newKeys();
  const chat = await fresh(myName, invitation.name);
  const answer = await sealAnswer(invitation, { offer: keys.offer, box: chat.box, name: myName });
  return { chat: { ...chat, phase: "joining", keys, invitation, peerBox: invitation.box }, answer };
}

/** Make the group with whoever holds the link; Refused where that is somebody else. */
export async function letIn(chat: Chat, data: Bytes): Promise<Opened & { readonly welcome: Bytes }> {
  const answer = await openAnswer(chat.invitation!, data);
  if (answer === undefined) throw new mls.Refused("not by who holds the link");
  const { state, welcome } = await mls.start(chat.keys!, answer.offer);
  const { invitation, ...rest } = chat;
  const between = await opened(rest, mls.publicKey(answer.offer));
  return { open: { ...between, name: chat.name || answer.name, peerBox: answer.box }, state, welcome };
}

/** Enter the group of the link's maker; Refused where it is of somebody else. */
export async function enter(chat: Chat, data: Bytes): Promise<Opened> {
  const { state, peer } = await mls.enter(chat.keys!, data, chat.invitation!.print);
  return { open: await opened(chat, peer), state };
}

async function opened(chat: Chat, peer: Bytes): Promise<Chat> {
  const { keys, ...rest } = chat;
  const safety = await mls.safetyNumber(mls.publicKey(keys!.offer), peer);
  return { ...rest, phase: "open", peerKey: toBase64(peer), safety, at: Date.now() };
}

async function fresh(myName: string, name: string): Promise<Omit<Chat, "phase">> {
  const secret = toBase64(random(32));
  const made = Date.now();
  return {
    id: randomName(), name, myName, secret, box: await boxOf(secret), made, next: 0, read: -1,
    last: "", lastKind: "text", at: made, muted: false, fineAfter: [], forgotten: 0, left: 0,
  };
}
