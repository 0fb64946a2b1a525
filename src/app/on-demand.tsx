// On demand: components whose code is loaded when they are first shown.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** A component that shows another as soon as that is loaded; where it cannot be, says so and offers to try again. */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const loaded = signal<{ readonly View: ComponentType<Props> } | undefined>(undefined);
  const failed = signal(false);
  const attempt = async () => {
    failed.value = false;
    try {
      loaded.value = { View: await load() };
    } catch {
      failed.value = true;
    }
  };
  return function OnDemand(props: Props) {
    useEffect(() => {
      if (!loaded.peek()) void attempt();
    }, []);
    if (loaded.value) {
      const { View } = loaded.value;
      return <View {...props} />;
    }
    return (
      <div class="on-demand" role="status">
        {failed.value && (
          <>
            <p>This panel did not load; check the connection, then try again.</p>
            {/* A browser may remember the failure of a module until the page is loaded anew. */}
            <button type="button" class="secondary" onClick={() => location.reload()}>
              Load the page again
            </button>
          </>
        )}
      </div>
    );
  };
}
