package osm
import ("testing";"context";"encoding/json";"os";"time";"strconv")
func TestZZ(t *testing.T){
 rel,_:=strconv.ParseInt(os.Getenv("REL"),10,64)
 t0:=time.Now()
 src:=Source{File:os.Getenv("OSMF"),BoundaryFile:os.Getenv("BND"),Ubigeo:os.Getenv("UBI"),Relation:rel}
 if os.Getenv("CAR")!="" { src.Modes=7 }
 imp,err:=Load(context.Background(),src)
 if err!=nil {t.Fatal(err)}
 b,_:=json.MarshalIndent(imp.Report,""," ")
 if len(b)>6000 {b=b[:6000]}
 t.Logf("%v %s %s\n%s",time.Since(t0),imp.Name,imp.Ubigeo,b)
}
