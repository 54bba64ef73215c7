// What a person wants to hear and see of new questions in, kept in this browser; a short tone and a notice of the system out.
import { useCallback, useState } from 'react';

/** Keys of localStorage, which other programs at this address could read: nothing but a choice is kept. */
export const SOUND = 'leash-approvals-sound';
export const NOTICES = 'leash-approvals-notices';

export type Choice = typeof SOUND | typeof NOTICES;

export function isChosen(key: Choice): boolean {
  return window.localStorage.getItem(key) === 'on';
}

export function useChoice(key: Choice): readonly [boolean, (value: boolean) => void] {
  const [isOn, set] = useState(() => isChosen(key));
  const choose = useCallback(
    (value: boolean) => {
      window.localStorage.setItem(key, value ? 'on' : 'off');
      set(value);
    },
    [key],
  );
  return [isOn, choose];
}

let audio: AudioContext | undefined;

/** A tone of a fifth of a second. The first one is of a person's click: browsers permit no other. */
export function beep(): void {
  audio ??= new AudioContext();
  // Without a click since the page was loaded it stays silent.
  void audio.resume().catch(() => undefined);
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  const { currentTime: now } = audio;
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.15, now);
  volume.gain.exponentialRampToValueAtTime(0.001, now + 0.2);
  tone.connect(volume).connect(audio.destination);
  tone.start(now);
  tone.stop(now + 0.2);
}

/** Milliseconds for which other tabs say nothing of it; a hidden one may hear of it a minute later. */
const SAID = 120_000;

/** In one of this browser's tabs: the first that may sound, which those without a click may not. @param name of what it is about */
export async function beepOnce(name: string): Promise<void> {
  if (!navigator.userActivation.hasBeenActive) return;
  await navigator.locks.request(`leash-sound-${name}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    beep();
    await new Promise((resolve) => setTimeout(resolve, SAID));
  });
}

/** Whether the browser lets this page show notices; asks the person if nobody did. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (Notification.permission === 'default') return (await Notification.requestPermission()) === 'granted';
  return Notification.permission === 'granted';
}

/** @param id of the question: a second tab replaces the notice of the first */
export function notify(id: string, text: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const notice = new Notification('Leash: a question', { body: text, tag: `leash-${id}` });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}
