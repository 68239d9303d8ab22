package sim

func (r *Rig) buildFaces(int) { panic("later") }
