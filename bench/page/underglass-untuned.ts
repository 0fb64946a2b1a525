// This project with the default variant of every kernel.

import { underglass } from './underglass';

export default underglass('untuned');
