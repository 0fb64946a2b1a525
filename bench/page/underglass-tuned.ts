// This project as a user gets it.

import { underglass } from './underglass';

export default underglass('tuned');
