// A player and a replay in; the scrubber, the buttons and the speeds out.
import type { ReactNode } from 'react';
import { elapsedText } from './clock.ts';
import type { Replay } from './replay.ts';
import { type Player, SPEEDS } from './use-replay.ts';

export function Controls({ player, replay }: { readonly player: Player; readonly replay: Replay }): ReactNode {
  const { start, end } = replay;
  const { time, isPlaying, isAtEnd } = player;
  const [earlier, later] = [replay.previous(time), replay.next(time)];
  const at = elapsedText(time - start);
  const length = elapsedText(end - start);
  return (
    <div className="timeline-controls">
      <input
        type="range"
        aria-label="Moment of the session"
        aria-valuetext={`${at} of ${length}`}
        min={0}
        max={Math.max(end - start, 1)}
        step="any"
        value={time - start}
        onChange={(event) => player.show(start + Number(event.target.value))}
      />
      <div className="timeline-buttons">
        <button type="button" className="primary" onClick={isPlaying ? player.pause : player.play}>
          {isPlaying ? 'Pause' : 'Play'}
        </button>
        <button type="button" disabled={earlier === undefined} onClick={() => player.show(earlier)}>
          Previous event
        </button>
        <button type="button" disabled={later === undefined} onClick={() => player.show(later)}>
          Next event
        </button>
        <button type="button" disabled={isAtEnd} onClick={() => player.show(undefined)}>
          To the end
        </button>
        <fieldset className="timeline-speeds">
          <legend className="hidden">Speed</legend>
          {SPEEDS.map((speed) => (
            <label key={speed}>
              <input
                type="radio"
                name="speed"
                checked={player.speed === speed}
                onChange={() => player.setSpeed(speed)}
              />
              {speed}×
            </label>
          ))}
        </fieldset>
        <output className="timeline-clock">
          {at} <span className="quiet">of {length}</span>
        </output>
      </div>
    </div>
  );
}
